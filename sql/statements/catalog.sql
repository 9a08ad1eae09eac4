-- Statements over the catalog: what users can read.

-- name: find_views
select c.relname from pg_class c where c.relnamespace = 'warehouse'::regnamespace and c.relkind = 'v' order by 1;

-- name: find_view_columns
select a.attname, t.typname
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
where c.relnamespace = 'warehouse'::regnamespace and c.relkind = 'v' and c.relname = %(view)s
order by a.attnum;

-- name: describe_views
select c.relname, obj_description(c.oid), jsonb_agg(jsonb_build_array(a.attname, format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum)) order by a.attnum)
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'warehouse'::regnamespace and c.relkind = 'v'
group by c.oid, c.relname
order by c.relname;
