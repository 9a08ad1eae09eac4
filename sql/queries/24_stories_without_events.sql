-- From which stories of March 2026 with more than 60 words was nothing coded?
select s.headline, s.outlet
from warehouse.story_current s
where s.copy_of is null and s.language = 'en' and s.published_at between '2026-03-01' and '2026-04-01' and array_length(string_to_array(s.body, ' '), 1) > 60
    and not exists (select from warehouse.event_mentions m where m.story_id = s.story_id)
order by s.headline;
