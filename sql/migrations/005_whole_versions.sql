-- migrate:up

-- A version is one row, whole: its parties, contexts and amounts stand in it. Nothing of it can change without the guard
-- of append-only rows; a load writes a third of the rows; a question about millions of events joins nothing.
create domain core.side as text check (value in ('actor', 'recipient', 'implied'));
comment on domain core.side is 'PLOVER role; implied where meant but not named';
create domain core.quantity_kind as text check (value in ('increment', 'cumulative', 'target', 'ceiling'));
comment on domain core.quantity_kind is 'Whether an amount adds to or states a total, or is aimed at or not to be passed';
create type core.party as (side core.side, country_code text, name text, text text, role text, sector text);
comment on type core.party is 'Who takes part: country by ISO 3166-1 alpha-3, resolved name, words of the text, office, PLOVER sector';
create type core.quantity as (measure text, value numeric, unit text, kind core.quantity_kind, is_approximate boolean, text text);
comment on type core.quantity is 'An amount: what is counted, normalised value, unit (ISO 4217 for money), kind, whether the text says about, the words';

-- The views name the tables that go; they are made again after the migrations.
drop view if exists warehouse.events_current cascade;
drop view if exists warehouse.event_parties cascade;
drop view if exists warehouse.dyads cascade;
drop function if exists warehouse.events_as_of;

alter table core.event_version
    add column actors text[] not null default '{}',
    add column recipients text[] not null default '{}',
    add column implied text[] not null default '{}',
    add column actor_names text[] not null default '{}',
    add column recipient_names text[] not null default '{}',
    add column contexts text[] not null default '{}',
    add column parties core.party[] not null default '{}',
    add column quantities core.quantity[] not null default '{}';
comment on column core.event_version.actors is 'Who acts: ISO 3166-1 alpha-3 codes, or names of bodies; a reciprocal event has several and no recipient';
comment on column core.event_version.recipients is 'To whom: ISO 3166-1 alpha-3 codes, or names of bodies';
comment on column core.event_version.implied is 'Who is meant and not named; never an actor or recipient';
comment on column core.event_version.actor_names is 'The actors by name, people included';
comment on column core.event_version.recipient_names is 'The recipients by name, people included';
comment on column core.event_version.contexts is 'PLOVER contexts and our extensions';
comment on column core.event_version.parties is 'All parties in order, with role, sector and the words that named them';
comment on column core.event_version.quantities is 'Amounts in order';

alter table core.event_version disable trigger append_only;
update core.event_version v set
    actors = coalesce((select array_agg(coalesce(country_code, name) order by position) from core.event_party p
        where p.event_id = v.event_id and p.version = v.version and side = 'actor'), '{}'),
    recipients = coalesce((select array_agg(coalesce(country_code, name) order by position) from core.event_party p
        where p.event_id = v.event_id and p.version = v.version and side = 'recipient'), '{}'),
    implied = coalesce((select array_agg(coalesce(country_code, name) order by position) from core.event_party p
        where p.event_id = v.event_id and p.version = v.version and side = 'implied'), '{}'),
    actor_names = coalesce((select array_agg(name order by position) from core.event_party p
        where p.event_id = v.event_id and p.version = v.version and side = 'actor'), '{}'),
    recipient_names = coalesce((select array_agg(name order by position) from core.event_party p
        where p.event_id = v.event_id and p.version = v.version and side = 'recipient'), '{}'),
    contexts = coalesce((select array_agg(context order by context) from core.event_context c
        where c.event_id = v.event_id and c.version = v.version), '{}'),
    parties = coalesce((select array_agg(row(side, country_code, name, text, role, sector)::core.party order by position) from core.event_party p
        where p.event_id = v.event_id and p.version = v.version), '{}'),
    quantities = coalesce((select array_agg(row(measure, value, unit, kind, is_approximate, text)::core.quantity order by position) from core.event_quantity q
        where q.event_id = v.event_id and q.version = v.version), '{}');
alter table core.event_version enable trigger append_only;
drop table core.event_party, core.event_context, core.event_quantity;

-- Events of a pair or a country, now or at any moment: actors || recipients @> array['JPN', 'VNM'].
create index event_version_sides on core.event_version using gin ((actors || recipients));
-- (event_id, version) finds the versions of an event as well.
drop index core.event_version_known;
create index event_version_parties_meant on core.event_version (event_on) where implied <> '{}' and known_to = 'infinity';
-- Deliveries, for pledges that wait for one.
create index event_version_delivery on core.event_version using gin (actors, recipients)
    where event_type in ('AID_DELIVERED', 'ARMS_TRANSFER') and known_to = 'infinity';
-- What a new coder changed, the newest first.
create index event_version_recoded on core.event_version (known_from)
    where change_kind = 'recode' or (change_kind in ('new', 'retraction') and change_note like 'coder %');
create index event_version_run on core.event_version (run_id);
create index event_mention_run on core.event_mention (run_id);
-- A timeline of a pair is read from the index alone: its rows lie a day apart in the table.
alter table core.dyad_day drop constraint dyad_day_pkey;
alter table core.dyad_day add primary key (source, target, event_on, class, is_implied) include (event_count, source_count, mean_goldstein, mean_plover_score);
create index dyad_day_day on core.dyad_day (event_on);
create index story_published on core.story (first_published_at);
create index event_version_unsure on core.event_version (confidence) where known_to = 'infinity';

-- A sketch is made from the text and can be made again: a foreign key on each of its thirty rows a story would cost more than the rest of the story.
alter table core.story_sketch drop constraint story_sketch_story_id_fkey;
drop index core.story_sketch_story;

-- lz4, where the server has it: bodies are compressed in a third of the time.
do $$
begin
    alter table core.story_revision alter column body set compression lz4;
exception
    when feature_not_supported then null;
end $$;

-- That a revision was coded, by which coder, when; also where nothing was found. It tells to what a coder can be switched back.
create table core.coding (
    story_id bigint not null,
    revision integer not null,
    coder_version text not null references ops.coder_version,
    coded_at timestamptz not null,
    run_id bigint not null references ops.run,
    primary key (story_id, revision, coded_at),
    foreign key (story_id, revision) references core.story_revision
);
comment on table core.coding is 'Codings of revisions, also those that found nothing; the newest of the current revision is the one that the views show';
comment on column core.coding.story_id is 'Story';
comment on column core.coding.revision is 'Revision';
comment on column core.coding.coder_version is 'What coded it';
comment on column core.coding.coded_at is 'Moment from which its events hold';
comment on column core.coding.run_id is 'Run that coded it, or switched back to it';
create index coding_coder on core.coding (coder_version);
insert into core.coding (story_id, revision, coder_version, coded_at, run_id)
select v.story_id, v.revision, (array_agg(v.coder_version order by v.known_from))[1], v.known_from, min(v.run_id)
from core.event_version v group by v.story_id, v.revision, v.known_from;

-- Which coder is shown is told story by story in core.coding.
alter table ops.coder_version drop column is_current;

grant select, insert on core.coding to communique_loader;
-- A question over events_current and event_lineage joins nine tables, one more than the planner puts in order by itself.
alter role communique_analyst set join_collapse_limit = 16;
alter role communique_analyst set from_collapse_limit = 16;

-- Who looks after the warehouse without owning it: undoes links, switches coders. Made here, where the owner is somebody else.
do $$
begin
    if not exists (select from pg_roles where rolname = 'communique_admin') then
        create role communique_admin nologin;
    end if;
end $$;
grant usage on schema raw, core, ref, ops, warehouse to communique_admin;
grant select on all tables in schema raw, core, ref, ops to communique_admin;
grant update (undone_at, undone_reason) on core.event_link to communique_admin;
grant update (known_to) on core.event_version to communique_admin;
grant insert on core.event_version, core.coding, core.dyad_day, ops.run to communique_admin;
grant update on ops.run to communique_admin;
grant delete on core.dyad_day to communique_admin;

-- migrate:down
