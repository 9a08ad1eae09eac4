-- Which stories of March 2026 are about missiles, and what was coded from them?
select s.headline, s.outlet, count(distinct v.event_id) as events
from warehouse.story_current s
left join warehouse.events_current v using (story_id)
where s.lead_tsv @@ websearch_to_tsquery('english', 'missile') and s.copy_of is null and s.published_at between '2026-03-01' and '2026-04-01'
group by s.story_id, s.headline, s.outlet
order by events desc, s.headline;
