-- How friendly was each day between North Korea and Japan?
select event_on, source, target, class, event_count, source_count, round(mean_goldstein::numeric, 2) as goldstein
from warehouse.dyad_day
where source in ('JPN', 'PRK') and target in ('JPN', 'PRK') and not is_implied
order by event_on, source, class;
