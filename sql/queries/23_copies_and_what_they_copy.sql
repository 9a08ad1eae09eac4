-- Who reprints whom, and what was reworded?
select copy_outlet, outlet, copy_kind, round(copy_score::numeric, 2) as score, copy_headline, headline
from warehouse.story_copies
order by copy_kind, copy_headline;
