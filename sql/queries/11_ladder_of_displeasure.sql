-- How high on the ladder of displeasure did each country go against each other country in 2026?
select d.source, d.target, max(s.rung) as highest_rung, count(*) as statements
from warehouse.statements s
join warehouse.dyads d using (event_id)
where s.rung is not null and not s.is_background and not d.is_implied
    and s.event_on between '2026-01-01' and '2026-12-31' and d.event_on between '2026-01-01' and '2026-12-31'
group by d.source, d.target
order by highest_rung desc, statements desc, d.source, d.target
limit 15;
