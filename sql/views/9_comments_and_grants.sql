-- Applied last. What a view shows under the name that it has in a table means what it means there.
do $$
declare shown record;
begin
    for shown in
        select c.oid::regclass as view, a.attname, d.description
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        join lateral (
            select x.description from pg_attribute t
            join pg_class o on o.oid = t.attrelid and (o.relkind in ('r', 'p') or o.oid = 'warehouse.events_current'::regclass)
            join pg_description x on x.objoid = t.attrelid and x.objsubid = t.attnum
            where t.attname = a.attname and o.relnamespace in ('core'::regnamespace, 'ops'::regnamespace, 'ref'::regnamespace, 'raw'::regnamespace, 'warehouse'::regnamespace)
            -- core.event_version and core.story_revision first: they are what the views are made of.
            order by o.relname not in ('event_version', 'story_revision', 'story'), o.relname not in ('events_current'), o.relname limit 1
        ) d on true
        where c.relnamespace in ('warehouse'::regnamespace, 'core'::regnamespace) and c.relkind = 'v' and col_description(c.oid, a.attnum) is null
    loop
        execute format('comment on column %s.%I is %L', shown.view, shown.attname, shown.description);
    end loop;
end $$;

grant select on core.mention to communique_loader, communique_admin;
grant select on all tables in schema warehouse to communique_analyst, communique_loader, communique_admin;
grant execute on function warehouse.events_as_of to communique_analyst, communique_loader;
grant execute on function core.count_dyad_days to communique_loader, communique_admin;
grant execute on function core.is_mutual to communique_analyst, communique_loader, communique_admin;
grant execute on function warehouse.use_coder to communique_admin;
