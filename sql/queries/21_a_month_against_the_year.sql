-- Which pairs were more hostile this month than over the year before?
with latest as (
    select max(event_on) as day from warehouse.dyad_day
)
select source, target,
    round((sum(mean_goldstein * event_count) filter (where event_on > day - 30) / nullif(sum(event_count) filter (where event_on > day - 30), 0))::numeric, 2) as month,
    round((sum(mean_goldstein * event_count) filter (where event_on <= day - 30) / nullif(sum(event_count) filter (where event_on <= day - 30), 0))::numeric, 2) as year_before,
    sum(event_count) as events
from latest, warehouse.dyad_day
where event_on > day - 395 and mean_goldstein is not null and not is_implied
group by source, target
order by month, source, target
limit 10;
