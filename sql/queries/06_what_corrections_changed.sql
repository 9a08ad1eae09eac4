-- What did each correction of a story of March 2026 change, in the words and in the events?
select r.headline, r.signal, r.changes, count(distinct l.event_id) as events_written, array_agg(distinct l.change_kind order by l.change_kind) filter (where l.event_id is not null) as kinds
from warehouse.story_revisions r
left join warehouse.event_lineage l on l.story_id = r.story_id and l.revision = r.revision
where r.revision > 1 and r.published_at between '2026-03-01' and '2026-04-01'
group by r.story_id, r.revision, r.headline, r.signal, r.changes
order by r.headline;
