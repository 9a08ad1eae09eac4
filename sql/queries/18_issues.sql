-- What was the first week of March 2026 about: how many events a context, and how many have two sources?
select context, count(*) as events, count(*) filter (where s.source_count > 1) as confirmed
from warehouse.events_current v
cross join unnest(v.contexts) context
left join warehouse.event_sources s using (event_id)
where not v.is_background and v.event_on between '2026-03-01' and '2026-03-07'
group by context
order by events desc, context
limit 12;
