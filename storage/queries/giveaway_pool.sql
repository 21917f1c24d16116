-- name: giveaway_number^
update giveaways set last_number = last_number + 1, entered = entered + 1, changes = changes + 1
where id = :id and community = :community and closes_at > :now
  and frozen_at is null and cancelled_at is null
  and not exists (select 1 from giveaway_entries e where e.giveaway = :id and e.member = :member)
returning last_number as number, closes_at, published_at, plan, changes, counted, counted_at,
          log_number, log_head,
          (select k.key_sealed from giveaway_keys k where k.giveaway = :id) as key_sealed,
          (select m.joined_at from members m where m.id = :member) as seen_at,
          (select min(i.platform || ':' || i.user_id) from identities i
           where i.member = :member
             and not (i.platform = :platform and i.user_id = :user_id)) as other,
          exists (select 1 from identities i
                  where i.member = :member
                    and i.private_at is not null and i.blocked_at is null) as reachable,
          exists (select 1 from giveaway_bans b
                  where b.community = :community and b.account = :account) as banned;

-- name: giveaway_entry_add!
insert into giveaway_entries (giveaway, member, number, platform, user_id, private, tickets,
                              entered_at, line)
values (:id, :member, :number, :platform, :user_id, :private, 1, :now, :line)
on conflict do nothing;

-- name: giveaway_touch^
update giveaways set entered = entered + :step, changes = changes + 1
where id = :id and community = :community and closes_at > :now
  and frozen_at is null and cancelled_at is null
returning last_number as number, closes_at, published_at, plan, changes, counted, counted_at,
          log_number, log_head,
          (select k.key_sealed from giveaway_keys k where k.giveaway = :id) as key_sealed,
          (select m.joined_at from members m where m.id = :member) as seen_at,
          (select min(i.platform || ':' || i.user_id) from identities i
           where i.member = :member
             and not (i.platform = :platform and i.user_id = :user_id)) as other,
          exists (select 1 from identities i
                  where i.member = :member
                    and i.private_at is not null and i.blocked_at is null) as reachable,
          exists (select 1 from giveaway_bans b
                  where b.community = :community and b.account = :account) as banned;

-- name: giveaway_entry_back^
update giveaway_entries
set left_at = null, entered_at = :now, platform = :platform, user_id = :user_id,
    private = :private, line = :line
where giveaway = :id and member = :member and left_at is not null
returning number;

-- name: giveaway_entry_leave^
update giveaway_entries set left_at = :now
where giveaway = :id and member = :member and left_at is null
returning number;

-- name: giveaway_entry^
select member, platform, user_id, entered_at, left_at, line from giveaway_entries where giveaway = :id and number = :number;

-- name: giveaway_window^
select plan, published_at, closes_at from giveaways where id = :id;

-- name: giveaway_receipt^
select g.id, g.prize, g.plan, g.closes_at, g.frozen_at, g.cancelled_at, g.campaign,
       g.disclosure_bn, g.disclosure_en,
       e.number, e.left_at, e.line, l.head,
       (select f.commitment from giveaway_list f
        where f.giveaway = g.id and f.number = e.number) as listed,
       (select k.key_sealed from giveaway_keys k where k.giveaway = g.id) as key_sealed,
       g.log_number, g.log_head
from giveaways g
join giveaway_entries e on e.giveaway = g.id and e.member = :member and e.twin = 0
left join giveaway_log l on l.giveaway = g.id and l.number = e.line
where g.id = :id and g.community = :community;

-- name: giveaways_in
select g.id from giveaway_entries e join giveaways g on g.id = e.giveaway
where e.member = :member and e.twin = 0 and e.left_at is null and g.community = :community
  and g.drawn_at is null and g.cancelled_at is null
order by g.closes_at, g.id limit :most;

-- name: giveaway_link^
select id from links where id = :link or slug = :link;

-- name: giveaway_entrants
select e.number, e.tickets, i.platform, i.user_id,
       case when exists (select 1 from giveaway_clicks c
                         where c.giveaway = e.giveaway and c.member = e.member)
              or exists (select 1 from link_tokens k
                         where k.member = e.member and k.link = :link and k.incentive = 1
                           and k.opened_at >= :opens and k.opened_at < :closes)
            then 1 else 0 end as click
from giveaway_entries e join identities i on i.member = e.member
where e.giveaway = :id and e.left_at is null
order by e.number, i.platform, i.user_id;

-- name: giveaway_entrant
select e.number, e.tickets, i.platform, i.user_id,
       case when exists (select 1 from giveaway_clicks c
                         where c.giveaway = e.giveaway and c.member = e.member)
              or exists (select 1 from link_tokens k
                         where k.member = e.member and k.link = :link and k.incentive = 1
                           and k.opened_at >= :opens and k.opened_at < :closes)
            then 1 else 0 end as click
from giveaway_entries e join identities i on i.member = e.member
where e.giveaway = :id and e.member = :member and e.twin = 0
order by e.number, i.platform, i.user_id;

-- name: giveaway_click!
insert into giveaway_clicks (giveaway, member, at) values (:id, :member, :now)
on conflict do nothing;

-- name: giveaways_of_member
select g.prize, e.number, e.left_at
from giveaway_entries e join giveaways g on g.id = e.giveaway
where e.member = :member and g.community = :community
order by e.entered_at, g.id;

-- name: giveaways_open_to
select g.id from giveaway_entries e join giveaways g on g.id = e.giveaway
where e.member = :member and g.community = :community and e.left_at is null
  and g.frozen_at is null and g.cancelled_at is null
order by g.id;

-- name: giveaway_change^
update giveaways set entered = entered + :step, changes = changes + 1, counted = counted + 1
where id = :id and frozen_at is null and cancelled_at is null
returning log_number, log_head,
          (select k.key_sealed from giveaway_keys k where k.giveaway = :id) as key_sealed;

-- name: giveaway_forget_entries!
delete from giveaway_entries where member = :member;

-- name: giveaway_forget_clicks!
delete from giveaway_clicks where member = :member;

-- name: giveaway_forget_challenges!
delete from giveaway_challenges where member = :member;

-- name: giveaway_seen^
select m.joined_at from identities i join members m on m.id = i.member
where i.platform = :platform and i.user_id = :user_id and i.community = :community;

-- name: giveaway_clicks_drop!
delete from giveaway_clicks where giveaway = :id;

-- name: giveaway_challenges_drop!
delete from giveaway_challenges where giveaway = :id;
