-- migrate:up
-- The warehouse, first version. Schemas: raw (what arrived, append-only), core (what we believe),
-- ref (countries, event types), ops (feeds, runs, fetch log, quarantine), warehouse (what users read).

create schema raw;
create schema core;
create schema ref;
create schema ops;
create schema warehouse;
comment on schema raw is 'What arrived, append-only: documents, their bytes, and items';
comment on schema core is 'What we believe: stories, revisions, events with their versions, parties and mentions';
comment on schema ref is 'Countries and event types, loaded from the coder''s tables';
comment on schema ops is 'Feeds, fetch log, runs, candidates between stages, quarantine and quality results';
comment on schema warehouse is 'The views that users read; the contract with them';

create table ref.country (
    country_code char(3) primary key,
    alpha2_code char(2),
    name text not null
);
comment on table ref.country is 'Countries and state-like entities by ISO 3166-1 alpha-3';
comment on column ref.country.country_code is 'ISO 3166-1 alpha-3; XKX for Kosovo';
comment on column ref.country.alpha2_code is 'ISO 3166-1 alpha-2';
comment on column ref.country.name is 'English short name';

create table ref.event_type (
    event_type text primary key,
    group_slug text not null,
    meaning text not null,
    plover_type text,
    plover_mode text,
    plover_map text not null check (plover_map in ('exact', 'nearest', 'none')),
    cameo_code text,
    cameo_map text not null check (cameo_map in ('exact', 'nearest', 'none')),
    quad_plover smallint check (quad_plover between 1 and 4),
    quad_cameo smallint check (quad_cameo between 1 and 4),
    goldstein real check (goldstein between -10 and 10),
    plover_score real,
    is_symmetric boolean not null,
    needs_recipient boolean not null
);
comment on table ref.event_type is 'Our diplomatic event types with their mapping to PLOVER and CAMEO';
comment on column ref.event_type.event_type is 'Type, in capitals, e.g. SUMMIT_TALKS';
comment on column ref.event_type.group_slug is 'Group: meet, text, commit, speech, relations, pressure, force, person';
comment on column ref.event_type.meaning is 'Definition in our own words';
comment on column ref.event_type.plover_type is 'PLOVER 2021 event type; null where PLOVER has none';
comment on column ref.event_type.plover_mode is 'PLOVER mode, where the type has one';
comment on column ref.event_type.plover_map is 'Quality of the PLOVER mapping';
comment on column ref.event_type.cameo_code is 'CAMEO 1.1b3 code, text because of leading zeros';
comment on column ref.event_type.cameo_map is 'Quality of the CAMEO mapping';
comment on column ref.event_type.quad_plover is 'PLOVER quad class: 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict';
comment on column ref.event_type.quad_cameo is 'Quad class by CAMEO root as GDELT has it: 01-05, 06-08, 09-13, 14-20';
comment on column ref.event_type.goldstein is 'Goldstein value of the CAMEO code, -10 to 10';
comment on column ref.event_type.plover_score is 'PLOVER conflict and cooperation score';
comment on column ref.event_type.is_symmetric is 'Whether actors form an unordered set without a recipient';
comment on column ref.event_type.needs_recipient is 'Whether an event without a recipient is incomplete';

create table ops.feed (
    feed_slug text primary key,
    name text not null,
    url text not null,
    kind text not null check (kind in ('rss', 'atom', 'json')),
    outlet text not null,
    wire_slug text not null,
    language text not null,
    country_code char(3),
    time_zone text not null,
    poll_minutes integer not null check (poll_minutes > 0),
    expected_items_per_day real not null check (expected_items_per_day >= 0),
    is_active boolean not null default true,
    etag text,
    last_modified text,
    poll_count integer not null default 0,
    failure_count integer not null default 0,
    not_before_at timestamptz,
    last_attempt_at timestamptz,
    last_success_at timestamptz,
    last_new_item_at timestamptz,
    last_outcome text
);
comment on table ops.feed is 'Subscribed feeds: their settings, copied from pipeline/feeds at every plan, and their polling state';
comment on column ops.feed.feed_slug is 'Stable name of the feed';
comment on column ops.feed.name is 'Name for people';
comment on column ops.feed.url is 'Address that is polled';
comment on column ops.feed.kind is 'Format';
comment on column ops.feed.outlet is 'Publisher whose site it is, e.g. kyodo, japan-times';
comment on column ops.feed.wire_slug is 'Agency whose copy it carries by default';
comment on column ops.feed.language is 'ISO 639-1 code of the feed';
comment on column ops.feed.country_code is 'Home country of the outlet';
comment on column ops.feed.time_zone is 'IANA zone in which the feeds times without zone are read';
comment on column ops.feed.poll_minutes is 'Minutes between polls';
comment on column ops.feed.expected_items_per_day is 'What a usual day brings, for the staleness check';
comment on column ops.feed.is_active is 'Whether it is polled; false once its file is gone';
comment on column ops.feed.etag is 'ETag of the last good answer';
comment on column ops.feed.last_modified is 'Last-Modified of the last good answer';
comment on column ops.feed.poll_count is 'Polls so far; every tenth is unconditional because servers lie about ETags';
comment on column ops.feed.failure_count is 'Failures in a row';
comment on column ops.feed.not_before_at is 'Not polled before this moment (interval, back-off, Retry-After)';
comment on column ops.feed.last_attempt_at is 'Last poll';
comment on column ops.feed.last_success_at is 'Last poll that was answered with 200 or 304';
comment on column ops.feed.last_new_item_at is 'Last time a new item came';
comment on column ops.feed.last_outcome is 'Outcome of the last poll, as in ops.fetch_log';

create table ops.coder_version (
    coder_version text primary key,
    description text not null,
    first_used_at timestamptz not null default now(),
    is_current boolean not null default true
);
comment on table ops.coder_version is 'What coded the rows: a hash of code, codebook, tables and model';
comment on column ops.coder_version.coder_version is 'Short hash that every event version names';
comment on column ops.coder_version.description is 'Package version, model and codebook, for people';
comment on column ops.coder_version.first_used_at is 'First load under it';
comment on column ops.coder_version.is_current is 'Whether the current views show codings made by it';

create table ops.run (
    run_id bigint generated always as identity primary key,
    stage text not null,
    batch_key text not null,
    feed_slug text,
    dag_id text not null,
    dag_run_id text not null,
    try_number integer not null default 1,
    process_id integer not null,
    state text not null default 'running' check (state in ('running', 'success', 'failed')),
    counts jsonb not null default '{}',
    error text,
    started_at timestamptz not null default now(),
    finished_at timestamptz
);
comment on table ops.run is 'One stage over one batch: what went in, what came out';
comment on column ops.run.run_id is 'Key';
comment on column ops.run.stage is 'Stage: fetch, clean, dedupe, validate_stories, extract, validate_events, load';
comment on column ops.run.batch_key is 'Batch: a quarter-hour of live items or a day of archive';
comment on column ops.run.feed_slug is 'Feed, for a fetch';
comment on column ops.run.dag_id is 'Airflow dag, or cli';
comment on column ops.run.dag_run_id is 'Airflow run, or the commands start time';
comment on column ops.run.try_number is 'Airflow try';
comment on column ops.run.process_id is 'Process that ran it, to find or end it';
comment on column ops.run.state is 'Outcome; running with a dead process means it was killed';
comment on column ops.run.counts is 'Counts in and out, by name';
comment on column ops.run.error is 'What failed, in one line';
comment on column ops.run.started_at is 'Start';
comment on column ops.run.finished_at is 'End';
create index run_batch on ops.run (batch_key, stage);

create table raw.document (
    document_id bigint generated always as identity primary key,
    feed_slug text not null references ops.feed,
    kind text not null check (kind in ('feed', 'page')),
    url text not null,
    final_url text not null,
    http_status smallint not null,
    content_type text,
    headers jsonb not null,
    sha256 char(64) not null,
    byte_count bigint not null,
    is_truncated boolean not null default false,
    fetched_at timestamptz not null,
    run_id bigint references ops.run,
    unique (url, sha256)
);
comment on table raw.document is 'Bytes as fetched, once per address and content: feed bodies and pages; the bytes themselves are in raw.document_bytes';
comment on column raw.document.document_id is 'Key';
comment on column raw.document.feed_slug is 'Feed that led to it';
comment on column raw.document.kind is 'Feed body or article page';
comment on column raw.document.url is 'Address asked for';
comment on column raw.document.final_url is 'Address that answered, after redirects';
comment on column raw.document.http_status is 'HTTP status';
comment on column raw.document.content_type is 'Content-Type header';
comment on column raw.document.headers is 'Response headers';
comment on column raw.document.sha256 is 'SHA-256 of the bytes, hexadecimal';
comment on column raw.document.byte_count is 'Bytes kept';
comment on column raw.document.is_truncated is 'Whether only the first bytes were kept (too large)';
comment on column raw.document.fetched_at is 'When it first came';
comment on column raw.document.run_id is 'Run that brought it';
create index document_fetched on raw.document (fetched_at);

create table raw.document_bytes (
    fetched_at timestamptz not null,
    document_id bigint not null,
    bytes bytea not null,
    primary key (fetched_at, document_id)
) partition by range (fetched_at);
comment on table raw.document_bytes is 'The bytes of documents, partitioned by month so that old bytes can be dropped under licence terms while the record of them stays';
comment on column raw.document_bytes.fetched_at is 'When it came; the partition key';
comment on column raw.document_bytes.document_id is 'Document';
comment on column raw.document_bytes.bytes is 'The body as received, after content decoding';

create table raw.document_bytes_default partition of raw.document_bytes default;
comment on table raw.document_bytes_default is 'Bytes of months that have no partition of their own';

create function raw.make_month_partition(moment timestamptz) returns void language plpgsql as $$
declare
    first_day date := date_trunc('month', moment at time zone 'UTC')::date;
    partition_name text := 'document_bytes_' || to_char(first_day, 'YYYY_MM');
begin
    if to_regclass('raw.' || partition_name) is null then
        execute format(
            'create table raw.%I partition of raw.document_bytes for values from (%L) to (%L)',
            partition_name, first_day::text || ' 00:00+00', (first_day + interval '1 month')::date::text || ' 00:00+00');
        execute format('comment on table raw.%I is %L', partition_name, 'Bytes fetched in ' || to_char(first_day, 'YYYY-MM'));
    end if;
exception
    -- Two loaders at the start of a month: the other one made it.
    when duplicate_table then null;
end $$;
comment on function raw.make_month_partition is 'Makes the partition of raw.document_bytes for the month of a moment (UTC), if it is missing';
-- Owned by the administrator; the loader may call it without the right to create tables.
alter function raw.make_month_partition security definer set search_path = pg_catalog, raw;

create table raw.item (
    item_id bigint generated always as identity primary key,
    feed_slug text not null references ops.feed,
    guid text not null,
    item_sha256 char(64) not null,
    url text,
    title text not null,
    content text not null default '',
    byline text,
    published_raw text,
    published_at timestamptz,
    feed_document_id bigint not null references raw.document,
    page_document_id bigint references raw.document,
    page_state text not null default 'pending' check (page_state in ('pending', 'fetched', 'failed', 'none')),
    page_outcome text,
    page_attempts integer not null default 0,
    page_not_before_at timestamptz,
    batch_key text,
    first_seen_at timestamptz not null,
    run_id bigint references ops.run,
    unique (feed_slug, guid, item_sha256)
);
comment on table raw.item is 'Entries of feeds as received; a changed entry is a new row';
comment on column raw.item.item_id is 'Key';
comment on column raw.item.feed_slug is 'Feed';
comment on column raw.item.guid is 'The feeds identifier of the entry, else its link';
comment on column raw.item.item_sha256 is 'SHA-256 of the entrys title, link, times and text';
comment on column raw.item.url is 'Link to the page';
comment on column raw.item.title is 'Title as received';
comment on column raw.item.content is 'Text or HTML that the feed itself carries';
comment on column raw.item.byline is 'Author as received';
comment on column raw.item.published_raw is 'The entrys time as written';
comment on column raw.item.published_at is 'The entrys time, read strictly; null where it has none that can be believed';
comment on column raw.item.feed_document_id is 'Feed body it came in';
comment on column raw.item.page_document_id is 'Its page';
comment on column raw.item.page_state is 'Whether the page has been fetched; none where the entry has no link';
comment on column raw.item.page_outcome is 'Outcome of the pages fetch, as in ops.fetch_log';
comment on column raw.item.page_attempts is 'Times the page was asked for';
comment on column raw.item.page_not_before_at is 'The page is not asked for again before this moment';
comment on column raw.item.batch_key is 'Batch in which it was complete and handed on';
comment on column raw.item.first_seen_at is 'When it first came';
comment on column raw.item.run_id is 'Run that brought it';
create index item_batch on raw.item (batch_key);
create index item_published on raw.item (published_at);
create index item_pending on raw.item (feed_slug) where page_state = 'pending';

create table ops.fetch_log (
    fetch_id bigint generated always as identity primary key,
    feed_slug text not null references ops.feed,
    kind text not null check (kind in ('feed', 'page')),
    url text not null,
    final_url text,
    http_status smallint,
    outcome text not null,
    detail text,
    moved_to text,
    byte_count bigint not null default 0,
    duration_ms integer not null,
    document_id bigint references raw.document,
    requested_at timestamptz not null,
    run_id bigint references ops.run
);
comment on table ops.fetch_log is 'Every request, with its outcome in words';
comment on column ops.fetch_log.fetch_id is 'Key';
comment on column ops.fetch_log.feed_slug is 'Feed';
comment on column ops.fetch_log.kind is 'Feed body or article page';
comment on column ops.fetch_log.url is 'Address asked for';
comment on column ops.fetch_log.final_url is 'Address that answered';
comment on column ops.fetch_log.http_status is 'HTTP status, where one came';
comment on column ops.fetch_log.outcome is 'Outcome: ok, not_modified, gone, not_found, throttled, server_error, timeout, dropped, refused_address ...';
comment on column ops.fetch_log.detail is 'What happened, for a person';
comment on column ops.fetch_log.moved_to is 'New address of a permanent redirect';
comment on column ops.fetch_log.byte_count is 'Bytes read';
comment on column ops.fetch_log.duration_ms is 'Milliseconds from request to end';
comment on column ops.fetch_log.document_id is 'What was kept';
comment on column ops.fetch_log.requested_at is 'When';
comment on column ops.fetch_log.run_id is 'Run';
create index fetch_log_feed on ops.fetch_log (feed_slug, requested_at desc);

create table ops.candidate (
    batch_key text not null,
    dag_run_id text not null,
    item_id bigint not null references raw.item,
    position smallint not null default 0,
    story_key text not null,
    state text not null check (state in ('clean', 'decided', 'valid', 'coded', 'ready', 'loaded', 'refused')),
    story jsonb not null,
    decision jsonb,
    events jsonb,
    updated_at timestamptz not null default now(),
    primary key (batch_key, dag_run_id, item_id, position)
);
comment on table ops.candidate is 'Stories on their way through the stages of a batch: what one stage leaves for the next, for each run by itself';
comment on column ops.candidate.batch_key is 'Batch';
comment on column ops.candidate.dag_run_id is 'Airflow run, or the commands start time: two runs over one batch do not touch each others rows';
comment on column ops.candidate.item_id is 'Item it was made from';
comment on column ops.candidate.position is 'Place within a digest; 0 for a whole story';
comment on column ops.candidate.story_key is 'Identity of the story, as core.story.story_key';
comment on column ops.candidate.state is 'Last stage it has passed';
comment on column ops.candidate.story is 'The cleaned story';
comment on column ops.candidate.decision is 'What dedupe decided, with its reason';
comment on column ops.candidate.events is 'Coded events';
comment on column ops.candidate.updated_at is 'Last change';

create table ops.quarantine (
    quarantine_id bigint generated always as identity primary key,
    stage text not null,
    reason_code text not null,
    detail text not null,
    feed_slug text references ops.feed,
    item_key text not null,
    item_id bigint references raw.item,
    document_id bigint references raw.document,
    content_sha256 text not null default '',
    payload jsonb,
    batch_key text not null,
    run_id bigint references ops.run,
    first_at timestamptz not null default now(),
    last_at timestamptz not null default now(),
    attempt_count integer not null default 1,
    status text not null default 'open' check (status in ('open', 'released', 'discarded')),
    resolved_at timestamptz,
    resolution text,
    unique (stage, reason_code, item_key, content_sha256)
);
comment on table ops.quarantine is 'What a stage refused: kept, with the reason and a pointer to its bytes';
comment on column ops.quarantine.quarantine_id is 'Key';
comment on column ops.quarantine.stage is 'Stage that refused it';
comment on column ops.quarantine.reason_code is 'Reason, one of the documented codes';
comment on column ops.quarantine.detail is 'What was wrong, for a person';
comment on column ops.quarantine.feed_slug is 'Feed';
comment on column ops.quarantine.item_key is 'What was refused: feed and guid, or address, or event';
comment on column ops.quarantine.item_id is 'Item, where one exists';
comment on column ops.quarantine.document_id is 'Its bytes';
comment on column ops.quarantine.content_sha256 is 'Hash of what was refused';
comment on column ops.quarantine.payload is 'What was refused, where it is not a document';
comment on column ops.quarantine.batch_key is 'Batch';
comment on column ops.quarantine.run_id is 'Run that refused it first';
comment on column ops.quarantine.first_at is 'First time';
comment on column ops.quarantine.last_at is 'Last time';
comment on column ops.quarantine.attempt_count is 'Times it was refused';
comment on column ops.quarantine.status is 'Whether it still waits';
comment on column ops.quarantine.resolved_at is 'When it was released or discarded';
comment on column ops.quarantine.resolution is 'How';
create index quarantine_open_item on ops.quarantine (item_id) where status = 'open';

create table ops.quality_result (
    run_id bigint not null references ops.run,
    suite text not null,
    expectation text not null,
    is_success boolean not null,
    row_count bigint not null,
    unexpected_count bigint not null,
    checked_at timestamptz not null default now(),
    primary key (run_id, suite, expectation)
);
comment on table ops.quality_result is 'Results of the Great Expectations suites, a row an expectation and run';
comment on column ops.quality_result.run_id is 'Run';
comment on column ops.quality_result.suite is 'Suite: stories or events';
comment on column ops.quality_result.expectation is 'Expectation with its column';
comment on column ops.quality_result.is_success is 'Whether every row met it';
comment on column ops.quality_result.row_count is 'Rows checked';
comment on column ops.quality_result.unexpected_count is 'Rows that failed';
comment on column ops.quality_result.checked_at is 'When';

create table core.story (
    story_id bigint generated always as identity primary key,
    story_key text not null unique,
    outlet text not null,
    wire_slug text not null,
    url text,
    copy_of bigint references core.story,
    copy_kind text check (copy_kind in ('exact', 'trimmed', 'reworded')),
    copy_score real check (copy_score between 0 and 1),
    copy_reason text,
    first_published_at timestamptz not null,
    first_seen_at timestamptz not null,
    check ((copy_of is null) = (copy_kind is null))
);
comment on table core.story is 'One report through all its versions, or another outlets copy of one';
comment on column core.story.story_id is 'Key';
comment on column core.story.story_key is 'Stable identity: outlet and the address or guid it first came under (with the place within a digest)';
comment on column core.story.outlet is 'Publisher';
comment on column core.story.wire_slug is 'Originating agency as the copy says';
comment on column core.story.url is 'Address';
comment on column core.story.copy_of is 'Story that this one reprints; null for an original';
comment on column core.story.copy_kind is 'Kind of reprint';
comment on column core.story.copy_score is 'Containment of word shingles at the decision';
comment on column core.story.copy_reason is 'Why it was held to be a copy';
comment on column core.story.first_published_at is 'Published time of the first revision; coverage counts use this';
comment on column core.story.first_seen_at is 'When we first had it';
create index story_copy on core.story (copy_of) where copy_of is not null;

create table core.story_alias (
    story_key text primary key,
    story_id bigint not null references core.story
);
comment on table core.story_alias is 'Other keys that a story is known under: a correction that came under its own address';
comment on column core.story_alias.story_key is 'Key, formed as core.story.story_key is';
comment on column core.story_alias.story_id is 'Story';
create index story_alias_story on core.story_alias (story_id);

create table core.story_revision (
    story_id bigint not null references core.story,
    revision integer not null check (revision > 0),
    signal text not null check (signal in ('new', 'update', 'correction', 'kill', 'reclean')),
    headline text not null,
    dateline_place text,
    dateline_on date,
    byline text,
    published_at timestamptz not null,
    date_basis text not null,
    modified_at timestamptz,
    language text not null,
    genre text,
    body text not null,
    captions jsonb not null default '[]',
    related jsonb not null default '[]',
    removed jsonb not null default '[]',
    body_sha256 char(64) not null,
    text_sha256 char(64) not null,
    item_id bigint not null references raw.item,
    position smallint not null default 0,
    cleaner_version text not null,
    known_from timestamptz not null,
    known_to timestamptz not null default 'infinity',
    run_id bigint references ops.run,
    lead_tsv tsvector generated always as (to_tsvector('english', headline || ' ' || left(body, 600))) stored,
    primary key (story_id, revision),
    unique (story_id, body_sha256, cleaner_version),
    check (known_from < known_to)
);
comment on table core.story_revision is 'Versions of a story, append-only';
comment on column core.story_revision.story_id is 'Story';
comment on column core.story_revision.revision is '1, 2, 3 ...';
comment on column core.story_revision.signal is 'Why it exists; reclean when only our cleaning changed';
comment on column core.story_revision.headline is 'Headline without marks';
comment on column core.story_revision.dateline_place is 'Place of the dateline';
comment on column core.story_revision.dateline_on is 'Date in the dateline';
comment on column core.story_revision.byline is 'Author';
comment on column core.story_revision.published_at is 'The wires time';
comment on column core.story_revision.date_basis is 'Where the time was read: feed, json-ld, meta, time, text or given';
comment on column core.story_revision.modified_at is 'Time of change that the page states';
comment on column core.story_revision.language is 'ISO 639-1 code';
comment on column core.story_revision.genre is 'FOCUS, FEATURE, URGENT ... as prefixed to the headline';
comment on column core.story_revision.body is 'Main text; paragraphs parted by blank lines';
comment on column core.story_revision.captions is 'Captions, kept apart';
comment on column core.story_revision.related is 'Related coverage, kept apart';
comment on column core.story_revision.removed is 'What cleaning took out, with the rule';
comment on column core.story_revision.body_sha256 is 'SHA-256 of headline and body as stored';
comment on column core.story_revision.text_sha256 is 'SHA-256 of the text folded for comparison';
comment on column core.story_revision.item_id is 'Item it came from';
comment on column core.story_revision.position is 'Place within a digest; 0 for a whole story';
comment on column core.story_revision.cleaner_version is 'Cleaner that made it';
comment on column core.story_revision.known_from is 'Known to us from';
comment on column core.story_revision.known_to is 'Superseded at';
comment on column core.story_revision.run_id is 'Run that loaded it';
comment on column core.story_revision.lead_tsv is 'Search vector of headline and lead';
create unique index story_revision_current on core.story_revision (story_id) where known_to = 'infinity';
create index story_revision_published on core.story_revision (published_at);
create index story_revision_text on core.story_revision (text_sha256);
create index story_revision_item on core.story_revision (item_id);
create index story_revision_lead on core.story_revision using gin (lead_tsv);

create table core.story_sketch (
    hash bigint not null,
    story_id bigint not null references core.story on delete cascade,
    primary key (hash, story_id)
);
comment on table core.story_sketch is 'FracMinHash postings of each storys current text: how copies and versions are found';
comment on column core.story_sketch.hash is 'Sampled hash of a word shingle';
comment on column core.story_sketch.story_id is 'Story';
create index story_sketch_story on core.story_sketch (story_id);

create table core.story_item (
    item_id bigint not null references raw.item,
    position smallint not null default 0,
    body_sha256 char(64) not null,
    story_id bigint not null references core.story,
    revision integer not null,
    relation text not null check (relation in ('new', 'revision', 'copy', 'repeat')),
    reason text not null,
    score real,
    decided_at timestamptz not null default now(),
    primary key (item_id, position),
    foreign key (story_id, revision) references core.story_revision
);
comment on table core.story_item is 'What each item, or part of a digest, was found to be';
comment on column core.story_item.item_id is 'Item';
comment on column core.story_item.position is 'Place within a digest; 0 for a whole story';
comment on column core.story_item.body_sha256 is 'The cleaned text the decision was made on';
comment on column core.story_item.story_id is 'Story';
comment on column core.story_item.revision is 'Revision it made or repeated';
comment on column core.story_item.relation is 'Decision';
comment on column core.story_item.reason is 'Why';
comment on column core.story_item.score is 'Containment, where it decided';
comment on column core.story_item.decided_at is 'When';
create index story_item_story on core.story_item (story_id);

create table core.event (
    event_id text primary key,
    story_id bigint not null references core.story,
    first_known_at timestamptz not null
);
comment on table core.event is 'Identity of an event, stable through corrections and re-coding';
comment on column core.event.event_id is 'Derived from type, parties, date and object at first sight; never computed anew';
comment on column core.event.story_id is 'Story whose reports make its versions; other stories add mentions';
comment on column core.event.first_known_at is 'First load';
create index event_story on core.event (story_id);

create table core.event_version (
    event_id text not null references core.event,
    version integer not null check (version > 0),
    known_from timestamptz not null,
    known_to timestamptz not null default 'infinity',
    change_kind text not null check (change_kind in ('new', 'correction', 'recode', 'retraction')),
    change_note text,
    story_id bigint not null,
    revision integer not null,
    event_type text not null references ref.event_type,
    plover_type text,
    plover_mode text,
    cameo_code text,
    quad_plover smallint,
    quad_cameo smallint,
    goldstein real,
    plover_score real,
    status text not null check (status in ('done', 'ongoing', 'pledged', 'planned', 'stance', 'cancelled', 'denied', 'hypothetical')),
    is_background boolean not null,
    object_key text not null,
    event_on date,
    event_end_on date,
    date_precision text not null check (date_precision in ('day', 'week', 'month', 'year', 'before', 'unknown')),
    date_basis text not null,
    place_name text,
    place_country_code char(3),
    is_veiled boolean not null,
    confidence real not null check (confidence between 0 and 1),
    content_sha256 char(64) not null,
    coder_version text not null references ops.coder_version,
    run_id bigint not null references ops.run,
    primary key (event_id, version),
    foreign key (story_id, revision) references core.story_revision,
    check (known_from < known_to),
    check (event_end_on is null or event_on <= event_end_on)
);
comment on table core.event_version is 'What we held about an event, and when: append-only, the current row has known_to = infinity';
comment on column core.event_version.event_id is 'Event';
comment on column core.event_version.version is '1, 2, 3 ...';
comment on column core.event_version.known_from is 'Held by us from';
comment on column core.event_version.known_to is 'Superseded at';
comment on column core.event_version.change_kind is 'Why this version exists';
comment on column core.event_version.change_note is 'What changed';
comment on column core.event_version.story_id is 'Story that it was coded from';
comment on column core.event_version.revision is 'Revision that it was coded from';
comment on column core.event_version.event_type is 'Diplomatic event type';
comment on column core.event_version.plover_type is 'PLOVER type, by type and status';
comment on column core.event_version.plover_mode is 'PLOVER mode';
comment on column core.event_version.cameo_code is 'CAMEO code';
comment on column core.event_version.quad_plover is 'PLOVER quad class';
comment on column core.event_version.quad_cameo is 'Quad class by CAMEO root';
comment on column core.event_version.goldstein is 'Goldstein value';
comment on column core.event_version.plover_score is 'PLOVER score';
comment on column core.event_version.status is 'Status';
comment on column core.event_version.is_background is 'Whether the story tells it as background';
comment on column core.event_version.object_key is 'What the act is about';
comment on column core.event_version.event_on is 'Day it happened, or the first day of the period';
comment on column core.event_version.event_end_on is 'Last day, for a span';
comment on column core.event_version.date_precision is 'How exact the date is';
comment on column core.event_version.date_basis is 'How the date was read';
comment on column core.event_version.place_name is 'Where it happened, as the text says; null where it does not';
comment on column core.event_version.place_country_code is 'Country of the place';
comment on column core.event_version.is_veiled is 'Whether a party is meant but not named';
comment on column core.event_version.confidence is 'The coders confidence';
comment on column core.event_version.content_sha256 is 'Hash of what this version says';
comment on column core.event_version.coder_version is 'What coded it';
comment on column core.event_version.run_id is 'Run that loaded it';
create unique index event_version_current on core.event_version (event_id) where known_to = 'infinity';
create index event_version_day on core.event_version (event_on, event_type) where known_to = 'infinity';
create index event_version_story on core.event_version (story_id, revision);

create table core.event_party (
    event_id text not null,
    version integer not null,
    position smallint not null,
    side text not null check (side in ('actor', 'recipient', 'implied')),
    country_code char(3),
    name text not null,
    text text not null,
    role text,
    sector text,
    primary key (event_id, version, position),
    foreign key (event_id, version) references core.event_version
);
comment on table core.event_party is 'Parties of an event version';
comment on column core.event_party.event_id is 'Event';
comment on column core.event_party.version is 'Version';
comment on column core.event_party.position is 'Order within the version';
comment on column core.event_party.side is 'PLOVER role; implied where meant but not named';
comment on column core.event_party.country_code is 'Country, ISO 3166-1 alpha-3';
comment on column core.event_party.name is 'Resolved name';
comment on column core.event_party.text is 'Words of the text that named it';
comment on column core.event_party.role is 'Office, e.g. head_of_government';
comment on column core.event_party.sector is 'PLOVER sector: GOV, MIL, IGO ...';
create index event_party_country on core.event_party (country_code, side, event_id);

create table core.event_quantity (
    event_id text not null,
    version integer not null,
    position smallint not null,
    measure text not null,
    value numeric not null,
    unit text not null,
    kind text not null check (kind in ('increment', 'cumulative', 'target', 'ceiling')),
    is_approximate boolean not null,
    text text not null,
    primary key (event_id, version, position),
    foreign key (event_id, version) references core.event_version
);
comment on table core.event_quantity is 'Amounts of an event version';
comment on column core.event_quantity.event_id is 'Event';
comment on column core.event_quantity.version is 'Version';
comment on column core.event_quantity.position is 'Order within the version';
comment on column core.event_quantity.measure is 'What is counted: vaccine_dose, money, ship ...';
comment on column core.event_quantity.value is 'Normalised value';
comment on column core.event_quantity.unit is 'Unit; ISO 4217 code for money';
comment on column core.event_quantity.kind is 'Whether it adds to or states a total';
comment on column core.event_quantity.is_approximate is 'Whether the text says about';
comment on column core.event_quantity.text is 'As reported';

create table core.event_context (
    event_id text not null,
    version integer not null,
    context text not null,
    primary key (event_id, version, context),
    foreign key (event_id, version) references core.event_version
);
comment on table core.event_context is 'Contexts of an event version';
comment on column core.event_context.event_id is 'Event';
comment on column core.event_context.version is 'Version';
comment on column core.event_context.context is 'PLOVER context or our extension';

create table core.event_mention (
    event_id text not null references core.event,
    story_id bigint not null,
    revision integer not null,
    start_char integer not null check (start_char >= 0),
    end_char integer not null,
    quote text not null check (length(quote) <= 240),
    sentence_start integer not null,
    sentence_end integer not null,
    pattern_id text not null,
    coder_version text not null references ops.coder_version,
    run_id bigint not null references ops.run,
    recorded_at timestamptz not null default now(),
    primary key (event_id, story_id, revision, start_char, end_char, coder_version),
    foreign key (story_id, revision) references core.story_revision,
    check (start_char < end_char),
    check (sentence_start <= start_char and end_char <= sentence_end)
);
comment on table core.event_mention is 'Evidence: which words of which revision report the event';
comment on column core.event_mention.event_id is 'Event';
comment on column core.event_mention.story_id is 'Story';
comment on column core.event_mention.revision is 'Revision that the offsets belong to';
comment on column core.event_mention.start_char is 'First character in the body';
comment on column core.event_mention.end_char is 'One past the last character';
comment on column core.event_mention.quote is 'The words, at most 240 characters';
comment on column core.event_mention.sentence_start is 'First character of the sentence';
comment on column core.event_mention.sentence_end is 'One past the sentences last character';
comment on column core.event_mention.pattern_id is 'Codebook row that matched, or copy for a reprint';
comment on column core.event_mention.coder_version is 'What coded it';
comment on column core.event_mention.run_id is 'Run that loaded it';
comment on column core.event_mention.recorded_at is 'When';
create index event_mention_story on core.event_mention (story_id, revision);

-- Versions are append-only: the one change allowed is to close an open row.
create function core.guard_append_only() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'append-only table %: delete refused', tg_table_name;
    end if;
    if old.known_to <> 'infinity' then
        raise exception 'append-only table %: a closed version cannot change', tg_table_name;
    end if;
    -- A generated column (lead_tsv) is not yet computed when this runs.
    if (to_jsonb(new) - 'known_to' - 'lead_tsv') <> (to_jsonb(old) - 'known_to' - 'lead_tsv') then
        raise exception 'append-only table %: only known_to may change', tg_table_name;
    end if;
    return new;
end $$;
comment on function core.guard_append_only is 'Trigger: refuses deletes, and updates of anything but an open known_to';
create trigger append_only before update or delete on core.event_version
    for each row execute function core.guard_append_only();
create trigger append_only before update or delete on core.story_revision
    for each row execute function core.guard_append_only();

-- Roles: passwords and the right to log in are given by `communique db migrate`, never here.
do $$
begin
    if not exists (select from pg_roles where rolname = 'communique_loader') then
        create role communique_loader nologin;
    end if;
    if not exists (select from pg_roles where rolname = 'communique_analyst') then
        create role communique_analyst nologin;
    end if;
end $$;
grant usage on schema raw, core, ref, ops, warehouse to communique_loader;
grant select on all tables in schema raw, core, ref, ops to communique_loader;
grant insert on all tables in schema raw, core, ops to communique_loader;
-- What was received and what was coded is never changed; these rows have a state that does.
grant update on raw.item, ops.feed, ops.run, ops.candidate, ops.quarantine, core.story_item to communique_loader;
grant update (known_to) on core.story_revision, core.event_version to communique_loader;
grant delete on core.story_sketch, ops.candidate to communique_loader;
grant usage on schema warehouse, ref to communique_analyst;
grant select on all tables in schema ref to communique_analyst;
alter role communique_analyst set statement_timeout = '60s';
alter role communique_analyst set default_transaction_read_only = on;

-- migrate:down
-- Forward only: restore a backup instead.
