-- Foreign keys are checked row by row: of loading ten thousand events that was more than half of the server's time. The tables
-- that every load fills keep theirs, declared, but what is inserted is checked once a statement, by a trigger that is written from
-- what is declared. Updates of a referring column and deletes of what is referred to are still checked by Postgres itself.
create or replace function core.check_by_statement(relation regclass) returns void language plpgsql as $$
declare
    check_name text := 'check_references_of_' || (select relname from pg_class where oid = relation);
    checks text;
    few text;
    row_check record;
begin
    for row_check in
        select t.tgname from pg_trigger t join pg_constraint c on c.oid = t.tgconstraint
        where t.tgrelid = relation and c.conrelid = relation and t.tgfoid = '"RI_FKey_check_ins"'::regproc
    loop
        execute format('alter table %s disable trigger %I', relation, row_check.tgname);
    end loop;
    select string_agg(format(
            'select %L as name, %L as columns, %L as target, a::text as orphan from (%s) a where not exists (select from %s t where %s)',
            k.conname, k.columns, k.target,
            case when k.is_outside then format('select distinct %s from few a where %s', k.columns, k.given)
            when k.has_story then format(
                'select %s from added a where %s except select %s from (select distinct story_id from added a where %s) s cross join lateral (select * from %s x where x.story_id = s.story_id offset 0) t',
                k.columns, k.given, k.referred, k.given, k.target)
            else format('select distinct %s from added a where %s', k.columns, k.given) end,
            k.target, k.alike), E'\n        union all ' order by k.conname),
        'with few as materialized (select distinct ' || string_agg(k.columns, ', ') filter (where k.is_outside) || ' from added)' into checks, few
    from (
        select c.conname, c.confrelid::regclass as target,
            -- Runs, coders and types are few: all are read at once.
            not c.confrelid::regclass::text like 'core.%' and not c.confrelid::regclass::text like 'raw.%' as is_outside,
            -- What both tables tell by story is looked for among the rows of the story first: they lie side by side.
            bool_and(other.attname <> 'story_id') and 2 = (
                select count(*) from pg_attribute where attrelid in (c.conrelid, c.confrelid) and attname = 'story_id') as has_story,
            string_agg(format('%I', own.attname), ', ' order by n) as columns,
            string_agg(format('t.%I', other.attname), ', ' order by n) as referred,
            string_agg(format('a.%I is not null', own.attname), ' and ' order by n) as given,
            string_agg(format('t.%I = a.%I', other.attname, own.attname), ' and ' order by n) as alike
        from pg_constraint c
        cross join lateral unnest(c.conkey, c.confkey) with ordinality k (own, other, n)
        join pg_attribute own on own.attrelid = c.conrelid and own.attnum = k.own
        join pg_attribute other on other.attrelid = c.confrelid and other.attnum = k.other
        where c.conrelid = relation and c.contype = 'f'
        group by c.oid, c.conname, c.conrelid, c.confrelid
    ) k;
    execute format($function$
create or replace function core.%I() returns trigger language plpgsql set enable_bitmapscan = off as $body$
declare
    broken record;
begin
    %s select * into broken from (
        %s
    ) x limit 1;
    if found then
        raise foreign_key_violation using message = format('insert into %%s violates foreign key %%s', tg_relid::regclass, broken.name),
            detail = format('(%%s) = %%s is not in %%s', broken.columns, broken.orphan, broken.target),
            constraint = broken.name, schema = tg_table_schema, table = tg_table_name;
    end if;
    return null;
end $body$ $function$, check_name, coalesce(few, ''), checks);
    execute format('comment on function core.%I is %L', check_name, format('Trigger: refuses rows inserted into %s that refer to what is not there; written by core.check_by_statement', relation));
    execute format('create or replace trigger references_hold after insert on %s referencing new table as added for each statement execute function core.%I()', relation, check_name);
exception
    -- Only a superuser may disable what belongs to a constraint; a managed server's administrator is none.
    when insufficient_privilege then raise notice 'foreign keys of % are checked row by row: events load more slowly', relation;
end $$;
comment on function core.check_by_statement is 'Lets the foreign keys that a table declares be checked once a statement where rows are inserted; to be called again when that changes';
revoke execute on function core.check_by_statement from public;

-- Where a key is checked by row: a new one, or all of them after a restore from a dump.
select core.check_by_statement(relation)
from unnest(array['core.story', 'core.story_revision', 'core.story_item', 'core.coding', 'core.event_version', 'core.event_mention',
    'core.event_link']::regclass[]) relation
where exists (
    select from pg_trigger t join pg_constraint c on c.oid = t.tgconstraint
    where t.tgrelid = relation and c.conrelid = relation and t.tgfoid = '"RI_FKey_check_ins"'::regproc and t.tgenabled <> 'D');
