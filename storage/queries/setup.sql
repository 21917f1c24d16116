-- name: home_put!
insert into communities (id, name, language, timezone, created_at)
values (:id, :name, :language, :timezone, :now)
on conflict (id) do update
set name = excluded.name, language = excluded.language, timezone = excluded.timezone;

-- name: member_with_role^
select id from members where community = :community and role >= :role limit 1;

-- name: sealed_any^
select name_sealed as sealed from identities
union all
select body_sealed from outbox where body_sealed <> ''
limit 1;
