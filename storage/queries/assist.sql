-- name: assist_spend!
insert into assist_days (day, requests) values (:day, 1)
on conflict (day) do update set requests = assist_days.requests + 1
where assist_days.requests < :budget;

-- name: assist_spent^
select requests from assist_days where day = :day;
