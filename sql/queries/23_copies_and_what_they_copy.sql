-- Who reprinted whom in March 2026, and what was reworded?
select copy_outlet, outlet, copy_kind, round(copy_score::numeric, 2) as score, copy_headline, headline
from warehouse.story_copies
where copy_published_at between '2026-03-01' and '2026-04-01'
order by copy_kind, copy_headline;
