-- How many reports and copies did each outlet print a day?
select outlet, (first_published_at at time zone 'Asia/Tokyo')::date as day, count(*) filter (where copy_of is null) as reports, count(*) filter (where copy_of is not null) as copies
from warehouse.story_current
group by 1, 2
order by 2, 1;
