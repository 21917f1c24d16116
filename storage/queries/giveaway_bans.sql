-- name: giveaway_ban_add!
insert into giveaway_bans (community, account, reason_sealed, about, banned_by, at)
values (:community, :account, :reason_sealed, :about, :by, :now)
on conflict (community, account) do update
set reason_sealed = excluded.reason_sealed, about = excluded.about,
    banned_by = excluded.banned_by, at = excluded.at;

-- name: giveaway_ban_lift!
delete from giveaway_bans where community = :community and account = :account;

-- name: giveaway_ban_lift_about!
delete from giveaway_bans where community = :community and about = :about;

-- name: giveaway_ban_of^
select about, reason_sealed, banned_by, at from giveaway_bans
where community = :community and account = :account;

-- name: giveaway_bans_of
select about, min(reason_sealed) as reason_sealed, min(banned_by) as banned_by, max(at) as at
from giveaway_bans where community = :community
group by about order by max(at) desc, about limit :most;

-- name: giveaway_bans_forget!
update giveaway_bans set banned_by = null where banned_by = :member;
