-- Who acted in which office in March 2026, as the stories say?
select distinct p.country_code, p.role, p.name
from warehouse.event_parties p
where p.role in ('head_of_government', 'foreign_minister', 'defence_minister') and p.name !~ ' of ' and p.event_on between '2026-03-01' and '2026-03-31'
order by 1, 2, 3;
