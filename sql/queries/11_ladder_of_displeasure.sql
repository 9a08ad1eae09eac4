-- How high on the ladder of displeasure did each country go against each other country in 2026?
select source, target, max(rung) as highest_rung, count(*) as statements
from warehouse.statements
cross join unnest(speakers) source
cross join unnest(addressees) target
where rung is not null and not is_background and event_on between '2026-01-01' and '2026-12-31' and source <> target
group by source, target
order by highest_rung desc, statements desc, source, target
limit 15;
