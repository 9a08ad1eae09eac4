-- Which pairs were more hostile this month than over the year before?
with scored as (
    select source, target, event_on, mean_goldstein * event_count as goldstein, event_count
    from warehouse.dyad_day where mean_goldstein is not null and not is_implied
), latest as (
    select max(event_on) as day from scored
)
select source, target, round((sum(goldstein) filter (where event_on > day - 30) / nullif(sum(event_count) filter (where event_on > day - 30), 0))::numeric, 2) as month,
    round((sum(goldstein) filter (where event_on <= day - 30) / nullif(sum(event_count) filter (where event_on <= day - 30), 0))::numeric, 2) as year_before,
    sum(event_count) as events
from scored, latest
where event_on > day - 395
group by source, target
order by month, source, target
limit 10;
