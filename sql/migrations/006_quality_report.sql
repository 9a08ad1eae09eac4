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

-- migrate:down
