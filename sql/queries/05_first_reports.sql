-- Which agency was the first with each summit of March 2026?
select v.event_on, v.actors, s.first_reported_at, s.sources, s.copy_count
from warehouse.events_current v
join warehouse.event_sources s using (event_id)
where v.event_type = 'SUMMIT_TALKS' and not v.is_background and v.event_on between '2026-03-01' and '2026-03-31'
order by s.first_reported_at, v.actors;
