-- migrate:up

-- Counts a day, a directed pair and a class: what timelines read. A table that each load refreshes for the days it
-- touched; a view over five million events took thirty seconds where this takes milliseconds.
create table core.dyad_day (
    source text not null,
    target text not null,
    event_on date not null,
    class text not null,
    is_implied boolean not null,
    event_count integer not null,
    source_count integer not null,
    mean_goldstein real,
    mean_plover_score real,
    refreshed_at timestamptz not null default now(),
    primary key (source, target, event_on, class, is_implied)
);
comment on table core.dyad_day is 'Events a day by directed pair and class, background left out; refreshed by each load for the days it touched';
comment on column core.dyad_day.source is 'Who acts: ISO 3166-1 alpha-3, or the name of a body; of symmetric events each party is a source once';
comment on column core.dyad_day.target is 'To whom';
comment on column core.dyad_day.event_on is 'Day of the events';
comment on column core.dyad_day.class is 'PLOVER type; our event type where PLOVER has none';
comment on column core.dyad_day.is_implied is 'Whether the target is meant and not named';
comment on column core.dyad_day.event_count is 'Events, each once however many stories report it';
comment on column core.dyad_day.source_count is 'Agencies whose own reports tell of any of them';
comment on column core.dyad_day.mean_goldstein is 'Mean Goldstein value of those that have one';
comment on column core.dyad_day.mean_plover_score is 'Mean PLOVER score of those that have one';
comment on column core.dyad_day.refreshed_at is 'When it was counted';

-- Reports of one happening by different agencies may be coded to events of different identity: another day, another object.
create table core.event_link (
    event_id text not null references core.event,
    same_as text not null references core.event,
    reason text not null,
    linked_at timestamptz not null default now(),
    run_id bigint references ops.run,
    undone_at timestamptz,
    undone_reason text,
    primary key (event_id, same_as),
    check (event_id > same_as)
);
comment on table core.event_link is 'Events of different stories that are one happening: same pair, class and about the same day; a link can be undone, and then stays undone';
comment on column core.event_link.event_id is 'Event';
comment on column core.event_link.same_as is 'The event that it is the same as; the lower identity';
comment on column core.event_link.reason is 'Why they are held to be one';
comment on column core.event_link.linked_at is 'When';
comment on column core.event_link.run_id is 'Run that linked them';
comment on column core.event_link.undone_at is 'When a person undid it; null while it holds';
comment on column core.event_link.undone_reason is 'Why';
create index event_link_same on core.event_link (same_as);

create index event_version_known on core.event_version (event_id, known_from);
create index event_party_name on core.event_party (name) where country_code is null;

-- Parties become arrays of text, which can be compared with array['JPN']; the views are made again after the migrations.
drop view if exists warehouse.events_current cascade;

grant select, insert on core.dyad_day, core.event_link to communique_loader;
grant delete on core.dyad_day to communique_loader;

-- migrate:down
