-- What users read. Applied by `communique db migrate` after the migrations; may only grow.

create or replace view warehouse.story_current as
select s.story_id, s.story_key, s.outlet, s.wire_slug, s.url, r.revision, r.signal, r.headline, r.dateline_place, r.dateline_on, r.byline,
    r.published_at, r.date_basis, s.first_published_at, r.language, r.genre, r.body, r.captions, r.related,
    s.copy_of, s.copy_kind, s.copy_score, s.copy_reason, s.first_seen_at, r.known_from, r.lead_tsv,
    r.standfirst, r.section, r.attribution, r.is_truncated, s.happening_of, s.happening_reason
from core.story s
join core.story_revision r on r.story_id = s.story_id and r.known_to = 'infinity';
comment on view warehouse.story_current is 'Every story in its newest revision; copy_of is set for another outlet''s reprint';

create or replace view core.mention as
select event_id, story_id, revision, start_char, end_char, quote, sentence_start, sentence_end, pattern_id, coder_version, run_id, known_from as recorded_at
from core.event_version
union all
select event_id, story_id, revision, start_char, end_char, quote, sentence_start, sentence_end, pattern_id, coder_version, run_id, recorded_at
from core.event_mention;
comment on view core.mention is 'Evidence: which words of which revision report the event, be it those that a version was coded from or others. To be asked with quote is not null: a version whose words were known has none (with the condition in the view, the planner would not look them up by key)';

-- Subqueries in the list of columns are run only where a question asks for the column: a scan of millions of events joins nothing.
create or replace view warehouse.events_current as
select v.event_id, v.version, v.event_type, t.meaning, v.plover_type, v.plover_mode, v.cameo_code, v.quad_plover, v.quad_cameo, v.goldstein, v.plover_score,
    v.status, v.is_background, v.object_key, v.event_on, v.event_end_on, v.date_precision, v.date_basis,
    v.place_name, v.place_country_code, v.is_veiled, v.actors, v.recipients, v.implied, v.actor_names, v.recipient_names, v.contexts,
    (select y.quote from core.mention y join core.story_revision r on r.story_id = y.story_id and r.revision = y.revision and r.known_to = 'infinity'
        where y.event_id = v.event_id and y.quote is not null order by y.story_id <> v.story_id, y.revision <> v.revision, y.start_char limit 1) as evidence,
    (select count(*) from core.mention y join core.story_revision r on r.story_id = y.story_id and r.revision = y.revision and r.known_to = 'infinity'
        where y.event_id = v.event_id and y.quote is not null) as mention_count,
    (select count(distinct y.story_id) from core.mention y join core.story_revision r on r.story_id = y.story_id and r.revision = y.revision
        and r.known_to = 'infinity' where y.event_id = v.event_id and y.quote is not null) as story_count,
    v.confidence, v.story_id, v.revision, v.coder_version, (select f.known_from from core.event_version f where f.event_id = v.event_id and f.version = 1) as first_known_at,
    v.known_from, v.run_id, v.parent_event_id, v.place_latitude, v.place_longitude,
    (select substr(r.body, y.sentence_start + 1, y.sentence_end - y.sentence_start) from core.mention y
        join core.story_revision r on r.story_id = y.story_id and r.revision = y.revision and r.known_to = 'infinity'
        where y.event_id = v.event_id and y.quote is not null order by y.story_id <> v.story_id, y.revision <> v.revision, y.start_char limit 1) as sentence
from core.event_version v
join ref.event_type t using (event_type)
where v.known_to = 'infinity' and v.change_kind <> 'retraction';
comment on view warehouse.events_current is 'Every event as we hold it now, with parties as arrays of countries (or names of bodies) and its first words of evidence';
comment on column warehouse.events_current.first_known_at is 'First load';

create or replace view warehouse.event_mentions as
select m.event_id, m.story_id, m.revision, s.outlet, s.wire_slug, s.url, r.headline, r.published_at, s.copy_of is not null as is_copy,
    m.quote, substr(r.body, m.sentence_start + 1, m.sentence_end - m.sentence_start) as sentence, m.start_char, m.end_char,
    substr(r.body, m.start_char + 1, m.end_char - m.start_char) = m.quote as is_quote_exact, m.pattern_id, m.coder_version, m.sentence_start
from core.mention m
join core.story s using (story_id)
join core.story_revision r on r.story_id = m.story_id and r.revision = m.revision and r.known_to = 'infinity'
join core.event_version v on v.event_id = m.event_id and v.known_to = 'infinity' and v.change_kind <> 'retraction'
where m.quote is not null;
comment on view warehouse.event_mentions is 'The words behind each event, in the current revision of every story that reports it';

create or replace view warehouse.event_parties as
select v.event_id, p.position, p.side::text as side, p.country_code, p.name, p.text, p.role, p.sector, v.event_on, v.event_type
from core.event_version v
cross join unnest(v.parties) with ordinality as p (side, country_code, name, text, role, sector, position)
where v.known_to = 'infinity' and v.change_kind <> 'retraction';
comment on view warehouse.event_parties is 'Who takes part in each event as we hold it now, one row a party, with the words that named it';
comment on column warehouse.event_parties.position is 'Order within the event, from 1';
comment on column warehouse.event_parties.side is 'PLOVER role: actor or recipient; implied where meant but not named';
comment on column warehouse.event_parties.country_code is 'Country, ISO 3166-1 alpha-3';
comment on column warehouse.event_parties.name is 'Resolved name';
comment on column warehouse.event_parties.text is 'Words of the text that named it';
comment on column warehouse.event_parties.role is 'Office, e.g. head_of_government';
comment on column warehouse.event_parties.sector is 'PLOVER sector: GOV, MIL, IGO ...';

create or replace view warehouse.story_revisions as
select r.story_id, r.revision, r.signal, r.headline, r.published_at, r.known_from, r.known_to, r.body, r.changes, i.reason
from core.story_revision r
left join core.story_item i on i.item_id = r.item_id and i.position = r.position;
comment on view warehouse.story_revisions is 'Every version of every story, with when we held it, what it changed and why it was held to be the same story';

create or replace view warehouse.story_copies as
select c.story_id as copy_id, c.outlet as copy_outlet, c.url as copy_url, c.copy_kind, c.copy_score, c.copy_reason,
    o.story_id, o.outlet, o.wire_slug, o.url, c.first_published_at as copy_published_at, o.first_published_at,
    x.headline as copy_headline, r.headline, (select max(h.changed_at) from core.story_role h where h.story_id = c.story_id) as role_changed_at
from core.story c
join core.story o on o.story_id = c.copy_of
join core.story_revision x on x.story_id = c.story_id and x.known_to = 'infinity'
join core.story_revision r on r.story_id = o.story_id and r.known_to = 'infinity';
comment on view warehouse.story_copies is 'Who reprinted what, how closely and why it is held so; role_changed_at is set where the copy came before its original';

create or replace view warehouse.story_happenings as
select s.story_id, s.outlet, s.url, r.headline, s.first_published_at, o.story_id as other_id, o.outlet as other_outlet, o.url as other_url,
    x.headline as other_headline, o.first_published_at as other_published_at, s.happening_reason
from core.story s
join core.story o on o.story_id = s.happening_of
join core.story_revision r on r.story_id = s.story_id and r.known_to = 'infinity'
join core.story_revision x on x.story_id = o.story_id and x.known_to = 'infinity';
comment on view warehouse.story_happenings is 'Reports of one happening in words of their own: each a story by itself, linked to the one that came before';

create or replace view warehouse.feed_health as
select f.feed_slug, f.name, f.url, f.is_active, f.last_outcome, f.last_attempt_at, f.last_success_at, f.last_new_item_at, f.failure_count, f.not_before_at,
    f.expected_items_per_day,
    (select count(*) from raw.item i where i.feed_slug = f.feed_slug and i.first_seen_at > now() - interval '1 day') as items_last_day
from ops.feed f;
comment on view warehouse.feed_health is 'How each feed does: last outcome, failures in a row, what came in the last day';

create or replace view warehouse.quarantine_summary as
select stage, reason_code, feed_slug, status, count(*) as item_count, sum(attempt_count) as attempt_count, min(first_at) as first_at, max(last_at) as last_at
from ops.quarantine group by 1, 2, 3, 4;
comment on view warehouse.quarantine_summary is 'What was refused, where and why';

create or replace view warehouse.runs as
select run_id, stage, batch_key, feed_slug, dag_id, dag_run_id, try_number, state, counts, error, started_at, finished_at from ops.run;
comment on view warehouse.runs is 'Every stage that ran, with its counts';

comment on column warehouse.events_current.evidence is 'First words that prove the event, at most 240 characters';
comment on column warehouse.events_current.sentence is 'The whole sentence of the evidence';
comment on column warehouse.events_current.mention_count is 'Passages that report it, in the current revisions of all stories';
comment on column warehouse.events_current.story_count is 'Stories that report it, reprints included: coverage, not confirmation';
comment on column warehouse.event_mentions.is_copy is 'Whether the story is another outlet''s reprint';
comment on column warehouse.event_mentions.sentence is 'The whole sentence of the evidence';
comment on column warehouse.event_mentions.is_quote_exact is 'Whether the words stand in the stored text at the stated place; always true';
comment on column warehouse.story_copies.copy_id is 'The reprint, a story of its own';
comment on column warehouse.story_copies.copy_outlet is 'Who reprints';
comment on column warehouse.story_copies.copy_url is 'Address of the reprint';
comment on column warehouse.story_copies.copy_published_at is 'When the reprint was published';
comment on column warehouse.story_copies.copy_headline is 'Headline of the reprint';
comment on column warehouse.story_copies.role_changed_at is 'When it was found to be a copy, where it was held as an original before';
comment on column warehouse.story_happenings.other_id is 'The report of the same happening that was held before';
comment on column warehouse.story_happenings.other_outlet is 'Its publisher';
comment on column warehouse.story_happenings.other_url is 'Its address';
comment on column warehouse.story_happenings.other_headline is 'Its headline';
comment on column warehouse.story_happenings.other_published_at is 'When it was published';
comment on column warehouse.feed_health.items_last_day is 'New or changed entries of the last 24 hours';
comment on column warehouse.quarantine_summary.item_count is 'Rows of quarantine';
