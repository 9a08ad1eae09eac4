-- migrate:up

create table core.dyad_day_due (event_on date primary key);
comment on table core.dyad_day_due is 'Days whose pairs a migration wants counted anew; the views, which come after the migrations, count and strike them';
comment on column core.dyad_day_due.event_on is 'The day';

-- Mutual acts of types that otherwise have a direction gave no pair until now.
insert into core.dyad_day_due
select distinct v.event_on
from core.event_version v join ref.event_type t using (event_type)
where v.known_to = 'infinity' and v.event_on is not null and not t.is_symmetric and cardinality(v.actors) > 1 and cardinality(v.recipients) = 0;

-- migrate:down
