-- migrate:up

-- Foreign keys are checked row by row: of loading ten thousand events that was more than half of the server's time. The tables
-- that every load fills keep theirs, declared, but what is inserted is checked once a statement, by a trigger that is written from
-- what is declared. Updates of a referring column and deletes of what is referred to are still checked by Postgres itself.
create function core.check_by_statement(relation regclass) returns void language plpgsql as $$
declare
    check_name text := 'check_references_of_' || (select relname from pg_class where oid = relation);
    checks text;
    row_check record;
begin
    for row_check in
        select t.tgname from pg_trigger t join pg_constraint c on c.oid = t.tgconstraint
        where t.tgrelid = relation and c.conrelid = relation and t.tgfoid = '"RI_FKey_check_ins"'::regproc
    loop
        execute format('alter table %s disable trigger %I', relation, row_check.tgname);
    end loop;
    select string_agg(format(
            'select %L as name, %L as columns, %L as target, a::text as orphan from (select distinct %s from added) a where %s and not exists (select from %s t where %s)',
            k.conname, k.columns, k.target, k.columns, k.given, k.target, k.alike), E'\n        union all ' order by k.conname) into checks
    from (
        select c.conname, c.confrelid::regclass as target,
            string_agg(format('%I', own.attname), ', ' order by n) as columns,
            string_agg(format('a.%I is not null', own.attname), ' and ' order by n) as given,
            string_agg(format('t.%I = a.%I', other.attname, own.attname), ' and ' order by n) as alike
        from pg_constraint c
        cross join lateral unnest(c.conkey, c.confkey) with ordinality k (own, other, n)
        join pg_attribute own on own.attrelid = c.conrelid and own.attnum = k.own
        join pg_attribute other on other.attrelid = c.confrelid and other.attnum = k.other
        where c.conrelid = relation and c.contype = 'f'
        group by c.oid, c.conname, c.confrelid
    ) k;
    execute format($function$
create or replace function core.%I() returns trigger language plpgsql as $body$
declare
    broken record;
begin
    select * into broken from (
        %s
    ) x limit 1;
    if found then
        raise foreign_key_violation using message = format('insert into %%s violates foreign key %%s', tg_relid::regclass, broken.name),
            detail = format('(%%s) = %%s is not in %%s', broken.columns, broken.orphan, broken.target),
            constraint = broken.name, schema = tg_table_schema, table = tg_table_name;
    end if;
    return null;
end $body$ $function$, check_name, checks);
    execute format('comment on function core.%I is %L', check_name, format('Trigger: refuses rows inserted into %s that refer to what is not there; written by core.check_by_statement', relation));
    execute format('create or replace trigger references_hold after insert on %s referencing new table as added for each statement execute function core.%I()', relation, check_name);
exception
    -- Only a superuser may disable what belongs to a constraint; a managed server's administrator is none.
    when insufficient_privilege then raise notice 'foreign keys of % are checked row by row: events load half as fast', relation;
end $$;
comment on function core.check_by_statement is 'Lets the foreign keys that a table declares be checked once a statement where rows are inserted; to be called again when it gets another';
revoke execute on function core.check_by_statement from public;

select core.check_by_statement(relation::regclass)
from unnest(array['core.story', 'core.story_revision', 'core.story_item', 'core.coding', 'core.event', 'core.event_version', 'core.event_mention', 'core.event_link']) relation;

-- Looking up ten thousand keys is dear enough for Postgres to compile it, which takes ten times as long as doing it.
alter role communique_loader set jit = off;
-- What a batch of ten thousand events inserts is checked in memory.
alter role communique_loader set work_mem = '32MB';

-- A load takes the ids of its new stories at one stroke.
grant update on sequence core.story_story_id_seq to communique_loader;

-- Runs and first loads only grow: a summary of each megabyte finds them as well, and costs a load nothing.
drop index core.event_version_run, core.event_mention_run, core.event_first_known;
create index event_version_run on core.event_version using brin (run_id) with (autosummarize = on);
create index event_mention_run on core.event_mention using brin (run_id) with (autosummarize = on);
create index event_first_known on core.event using brin (first_known_at) with (autosummarize = on);

-- The load says itself which days it touched.
drop function if exists core.refresh_dyad_days;

-- The same words are one mention, whichever coder found them first.
delete from core.event_mention m using core.event_mention o
where o.event_id = m.event_id and o.story_id = m.story_id and o.revision = m.revision and o.start_char = m.start_char and o.end_char = m.end_char
    and (o.recorded_at, o.coder_version) < (m.recorded_at, m.coder_version);
alter table core.event_mention drop constraint event_mention_pkey;
alter table core.event_mention add primary key (event_id, story_id, revision, start_char, end_char);

-- That an event has one open version at most: of those after the first an index sees to it; that the first is closed before another
-- is written, a trigger. An index of all open ones, nearly all of them first ones, repeated the primary key.
drop index core.event_version_current;
create unique index event_version_open on core.event_version (event_id) where version > 1 and known_to = 'infinity';
create function core.guard_one_open_version() returns trigger language plpgsql as $$
declare
    twice text;
begin
    -- Whoever writes a further version of an event that another transaction has just made waits at the foreign key, and whoever
    -- wants to close the first after somebody else did is refused by core.guard_append_only.
    select a.event_id into twice from added a
    where a.version > 1 and a.known_to = 'infinity'
        and (select v.known_to from core.event_version v where v.event_id = a.event_id and v.version = 1) = 'infinity'
    limit 1;
    if found then
        raise unique_violation using message = format('event %s has an open version already: close it first', twice), schema = 'core', table = 'event_version';
    end if;
    return null;
end $$;
comment on function core.guard_one_open_version is 'Trigger: refuses a further open version of an event whose first is open';
create trigger one_open_version after insert on core.event_version
    referencing new table as added for each statement execute function core.guard_one_open_version();

-- Most events are part of no other, and of most the coder is sure: the others are what is asked for.
drop index core.event_version_parent, core.event_version_unsure;
create index event_version_parent on core.event_version (parent_event_id) where parent_event_id is not null and known_to = 'infinity';
create index event_version_unsure on core.event_version (confidence) where confidence < 0.75 and known_to = 'infinity';

-- migrate:down
