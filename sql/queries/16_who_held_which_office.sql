-- Who acted in which office, as the stories say?
select distinct p.country_code, p.role, p.name
from warehouse.event_parties p
where p.role in ('head_of_government', 'foreign_minister', 'defence_minister') and p.name !~ ' of '
order by 1, 2, 3;
