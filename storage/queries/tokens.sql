-- name: token_unused^
select token from link_tokens
where member = :member and link = :link and platform = :platform and opened_by is null
  and incentive = :incentive and named = :named and issued_at > :since
order by issued_at desc limit 1;

-- name: token_add^
insert into link_tokens (token, link, member, platform, issued_at, incentive, named)
values (:token, :link, :member, :platform, :now, :incentive, :named)
on conflict (token) do nothing returning token;

-- name: token_take^
update link_tokens
set opened_by = coalesce(opened_by, :visitor),
    opened_at = case when opened_by is null and issued_at >= :since and named + incentive > 0
                     then :at else opened_at end
where token = :token and link = :link
  and (select o.identity from links l join communities o on o.id = l.community
       where l.id = link_tokens.link) <> 'off'
  and not exists (select 1 from untracked u where u.member = link_tokens.member)
returning platform, member, issued_at, opened_by, incentive,
          (select m.role from members m where m.id = link_tokens.member) as role,
          (select c.key_sealed from links l join campaigns c on c.id = l.campaign
           where l.id = link_tokens.link) as key_sealed;

-- name: token_see^
select k.platform, k.issued_at, k.incentive, k.member, m.role
from link_tokens k join members m on m.id = k.member
where k.token = :token and k.link = :link;

-- name: tokens_of^
select count(*) as tokens, coalesce(max(named), 0) as named from link_tokens
where member = :member;

-- name: tokens_by_link
select b.name as brand, l.placement, count(*) as given, max(k.issued_at) as latest
from link_tokens k
join links l on l.id = k.link
join campaigns c on c.id = l.campaign
join brands b on b.id = c.brand
where k.member = :member and l.community = :community
group by l.id, b.name, l.placement
order by max(k.issued_at) desc, l.id limit :most;

-- name: token_rewarded^
select min(opened_at) as at from link_tokens
where member = :member and link = :link and incentive = 1;

-- name: tokens_named
select min(i.name_sealed) as name_sealed, k.platform, min(k.opened_at) as first_at
from link_tokens k
join links l on l.id = k.link
join communities o on o.id = l.community
join members m on m.id = k.member
join identities i on i.member = m.id and i.platform = k.platform and i.community = o.id
where l.community = :community and k.link = :link and o.identity = 'on' and m.role = 0
  and k.named = 1 and k.opened_at is not null
  and not exists (select 1 from untracked u where u.member = m.id)
group by m.id, k.platform
order by min(k.opened_at) desc, m.id limit :most;

-- name: tokens_forget!
delete from link_tokens where member = :member;

-- name: tokens_forget_old!
delete from link_tokens
where issued_at < :before and link in (select id from links where community = :community)
  and not (incentive = 1 and opened_at is not null
           and exists (select 1 from giveaways g
                       where g.community = :community and g.published_at <= link_tokens.opened_at
                         and g.frozen_at is null and g.cancelled_at is null));

-- name: campaign_keys
select id, key_sealed from campaigns where community = :community;

-- name: who_clicks
select c.at, c.class, b.name as brand, l.placement
from clicks c
join links l on l.id = c.link
join campaigns g on g.id = l.campaign
join brands b on b.id = g.brand
where c.who = :who and l.community = :community
order by c.at desc, c.id desc limit :most;

-- name: who_clicks_count^
select count(*) as clicks from clicks where who = :who;

-- name: who_clicks_forget!
update clicks set who = null where who = :who;

-- name: who_member_forget!
update click_members set who = :instead where campaign = :campaign and who = :who;

-- name: standing^
select o.identity, (select count(*) from untracked u where u.member = :member) as untracked
from communities o where o.id = :community;

-- name: identity_set!
update communities set identity = :identity where id = :community;

-- name: untracked_add!
insert into untracked (member, at) values (:member, :now) on conflict (member) do nothing;

-- name: untracked_remove!
delete from untracked where member = :member;

-- name: intent_add!
insert into link_intents (link, day, platform, intents) values (:link, :day, :platform, 1)
on conflict (link, day, platform) do update set intents = link_intents.intents + 1;

-- name: campaign_intents
select l.id as link, l.placement, i.day, i.platform, i.intents
from links l join link_intents i on i.link = l.id
where l.community = :community and l.campaign = :campaign and i.day >= :since
order by i.day, l.placement, l.id, i.platform;
