-- Which joint statements were issued in March 2026, and what do they contain?
select v.event_on, v.actors, v.object_key, array_agg(c.event_type || ' ' || c.object_key order by c.event_type, c.object_key) filter (where c.event_id is not null) as contents
from warehouse.events_current v
left join warehouse.events_current c on c.parent_event_id = v.event_id
where v.event_type = 'JOINT_STATEMENT' and v.event_on between '2026-03-01' and '2026-03-31'
group by v.event_id, v.event_on, v.actors, v.object_key
order by v.event_on, v.actors;
