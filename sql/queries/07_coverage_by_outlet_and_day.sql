-- How many reports and copies did each outlet print a day in March 2026?
select outlet, (first_published_at at time zone 'Asia/Tokyo')::date as day, count(*) filter (where copy_of is null) as reports, count(*) filter (where copy_of is not null) as copies
from warehouse.story_current
where first_published_at between '2026-03-01' and '2026-04-01'
group by 1, 2
order by 2, 1;
