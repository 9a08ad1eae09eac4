-- migrate:up

-- Foreign keys are checked row by row: of loading ten thousand events that was more than half of the server's time. The tables
-- that every load fills keep theirs, declared, but what is inserted is checked once a statement; updates of a referring column
-- and deletes of what is referred to are still checked by Postgres itself, row by row.
create function core.check_references() returns trigger language plpgsql as $$
declare
    reference record;
    orphan text;
begin
    if not exists (select from added) then
        return null;
    end if;
    for reference in
        select c.conname, c.confrelid::regclass as target,
            string_agg(format('%I', own.attname), ', ' order by k.n) as columns,
            string_agg(format('a.%I is not null', own.attname), ' and ' order by k.n) as given,
            string_agg(format('t.%I = a.%I', other.attname, own.attname), ' and ' order by k.n) as alike
        from pg_constraint c
        cross join lateral unnest(c.conkey, c.confkey) with ordinality k (own, other, n)
        join pg_attribute own on own.attrelid = c.conrelid and own.attnum = k.own
        join pg_attribute other on other.attrelid = c.confrelid and other.attnum = k.other
        where c.conrelid = tg_relid and c.contype = 'f'
        group by c.oid, c.conname, c.confrelid
    loop
        execute format('select a::text from (select distinct %s from added) a where %s and not exists (select from %s t where %s) limit 1',
            reference.columns, reference.given, reference.target, reference.alike) into orphan;
        if orphan is not null then
            raise foreign_key_violation using
                message = format('insert into %s violates foreign key %s', tg_relid::regclass, reference.conname),
                detail = format('(%s) = %s is not in %s', reference.columns, orphan, reference.target),
                constraint = reference.conname, schema = tg_table_schema, table = tg_table_name;
        end if;
    end loop;
    return null;
end $$;
comment on function core.check_references is 'Trigger: refuses inserted rows that refer to what is not there, by all foreign keys of the table, once a statement';

do $$
declare
    relation regclass;
    row_check record;
begin
    foreach relation in array array['core.story', 'core.story_revision', 'core.story_item', 'core.coding', 'core.event', 'core.event_version',
        'core.event_mention', 'core.event_link']::regclass[]
    loop
        for row_check in
            select t.tgname from pg_trigger t join pg_constraint c on c.oid = t.tgconstraint
            where t.tgrelid = relation and c.conrelid = relation and t.tgfoid = '"RI_FKey_check_ins"'::regproc
        loop
            execute format('alter table %s disable trigger %I', relation, row_check.tgname);
        end loop;
        execute format('create trigger references_hold after insert on %s referencing new table as added for each statement execute function core.check_references()', relation);
    end loop;
exception
    -- Only a superuser may disable what belongs to a constraint; a managed server's administrator is none.
    when insufficient_privilege then raise notice 'foreign keys are checked row by row: loads take about half as long again';
end $$;

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

-- Most events are part of no other, and of most the coder is sure: the others are what is asked for.
drop index core.event_version_parent, core.event_version_unsure;
create index event_version_parent on core.event_version (parent_event_id) where parent_event_id is not null and known_to = 'infinity';
create index event_version_unsure on core.event_version (confidence) where confidence < 0.75 and known_to = 'infinity';

-- migrate:down
