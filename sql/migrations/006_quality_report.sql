-- migrate:up

create table ops.quality_report (
    day date not null,
    measure text not null,
    subject text not null default '',
    value double precision not null,
    low double precision,
    high double precision,
    row_count bigint not null,
    is_alert boolean not null generated always as (coalesce(value < low, false) or coalesce(value > high, false)) stored,
    run_id bigint not null references ops.run,
    made_at timestamptz not null default now(),
    primary key (day, measure, subject)
);
comment on table ops.quality_report is 'How each day''s data look: completeness, freshness, duplicates, drift of the class mix; made anew each time that the day is reported';
comment on column ops.quality_report.day is 'Day (UTC) on which stories and items first came';
comment on column ops.quality_report.measure is 'What is measured; docs/quality.md says how, and where its bounds come from';
comment on column ops.quality_report.subject is 'Feed or class that it is measured of; empty for the whole';
comment on column ops.quality_report.value is 'The figure: a count, hours, a share from 0 to 1, or an index';
comment on column ops.quality_report.low is 'Below this it is an alert';
comment on column ops.quality_report.high is 'Above this it is an alert';
comment on column ops.quality_report.row_count is 'Of how many rows';
comment on column ops.quality_report.is_alert is 'Whether it is out of bounds';
comment on column ops.quality_report.run_id is 'Run that measured it';
comment on column ops.quality_report.made_at is 'When';

create index story_first_seen on core.story (first_seen_at);
create index event_first_known on core.event (first_known_at);
create index item_first_seen on raw.item (first_seen_at);

grant select, insert, update, delete on ops.quality_report to communique_loader;

-- Words are searched by the rules of the story's language; where Postgres has none for it, as they stand.
create function core.text_configuration(language text) returns regconfig language sql immutable as $$
    select case language
        when 'ar' then 'pg_catalog.arabic'::regconfig
        when 'hy' then 'pg_catalog.armenian'::regconfig
        when 'eu' then 'pg_catalog.basque'::regconfig
        when 'ca' then 'pg_catalog.catalan'::regconfig
        when 'da' then 'pg_catalog.danish'::regconfig
        when 'nl' then 'pg_catalog.dutch'::regconfig
        when 'en' then 'pg_catalog.english'::regconfig
        when 'fi' then 'pg_catalog.finnish'::regconfig
        when 'fr' then 'pg_catalog.french'::regconfig
        when 'de' then 'pg_catalog.german'::regconfig
        when 'el' then 'pg_catalog.greek'::regconfig
        when 'hi' then 'pg_catalog.hindi'::regconfig
        when 'hu' then 'pg_catalog.hungarian'::regconfig
        when 'id' then 'pg_catalog.indonesian'::regconfig
        when 'ga' then 'pg_catalog.irish'::regconfig
        when 'it' then 'pg_catalog.italian'::regconfig
        when 'lt' then 'pg_catalog.lithuanian'::regconfig
        when 'ne' then 'pg_catalog.nepali'::regconfig
        when 'no' then 'pg_catalog.norwegian'::regconfig
        when 'nb' then 'pg_catalog.norwegian'::regconfig
        when 'pt' then 'pg_catalog.portuguese'::regconfig
        when 'ro' then 'pg_catalog.romanian'::regconfig
        when 'ru' then 'pg_catalog.russian'::regconfig
        when 'sr' then 'pg_catalog.serbian'::regconfig
        when 'es' then 'pg_catalog.spanish'::regconfig
        when 'sv' then 'pg_catalog.swedish'::regconfig
        when 'ta' then 'pg_catalog.tamil'::regconfig
        when 'tr' then 'pg_catalog.turkish'::regconfig
        when 'yi' then 'pg_catalog.yiddish'::regconfig
        else 'pg_catalog.simple'::regconfig
    end
$$;
comment on function core.text_configuration is 'The text search configuration of a language (ISO 639-1)';
drop view if exists warehouse.story_current cascade;
alter table core.story_revision drop column lead_tsv;
alter table core.story_revision add column lead_tsv tsvector
    generated always as (to_tsvector(core.text_configuration(language), headline || ' ' || left(body, 600))) stored;
comment on column core.story_revision.lead_tsv is 'Words of headline and first 600 characters, by the rules of the language; the whole body would cost 6 to 9 times the speed of loading';
create index story_revision_lead on core.story_revision using gin (lead_tsv);

-- Parts of words in headlines, as in headline ilike '%fisher%'; where the server has the extension.
do $$
begin
    create extension if not exists pg_trgm;
    create index story_revision_headline on core.story_revision using gin (headline gin_trgm_ops) where known_to = 'infinity';
exception
    when undefined_file or feature_not_supported or insufficient_privilege then
        raise notice 'pg_trgm is not there: searches for parts of words read every headline';
end $$;

-- migrate:down
