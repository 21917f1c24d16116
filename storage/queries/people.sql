-- name: community_add!
insert into communities (id, name, language, timezone, created_at)
values (:id, :name, :language, :timezone, :now);

-- name: community_first^
select id, name, language, timezone from communities order by created_at, id limit 1;

-- name: home_and_member^
select c.id as community, c.name, c.language as community_language, c.timezone,
       m.id, m.role, m.language, m.heard_language, i.private_at, i.blocked_at
from (select * from communities order by created_at, id limit 1) c
left join identities i
    on i.platform = :platform and i.user_id = :user_id and i.community = c.id
left join members m on m.id = i.member;

-- name: place_and_member^
select c.id as community, c.name, c.language as community_language, c.timezone,
       m.id, m.role, m.language, m.heard_language, i.private_at, i.blocked_at
from places p
join communities c on c.id = p.community
left join identities i
    on i.platform = :platform and i.user_id = :user_id and i.community = c.id
left join members m on m.id = i.member
where p.platform = :platform and p.chat = :chat and p.left_at is null;

-- name: community_of_place^
select c.id, c.name, c.language, c.timezone
from places p join communities c on c.id = p.community
where p.platform = :platform and p.chat = :chat and p.left_at is null;

-- name: community_get^
select id, name, language, timezone from communities where id = :id;

-- name: place_add!
insert into places (platform, chat, community, thread, title, joined_at)
values (:platform, :chat, :community, :thread, :title, :now)
on conflict (platform, chat) do update
set community = excluded.community, title = excluded.title, left_at = null,
    thread = coalesce(places.thread, excluded.thread);

-- name: place_home!
update places set thread = :thread where platform = :platform and chat = :chat;

-- name: place_leave!
update places set left_at = :now where platform = :platform and chat = :chat;

-- name: places_of
select platform, chat, thread, title from places
where community = :community and left_at is null order by platform, joined_at, chat;

-- name: member_find^
select m.id, m.role, m.language, m.heard_language, i.private_at, i.blocked_at
from identities i join members m on m.id = i.member
where i.platform = :platform and i.user_id = :user_id and i.community = :community;

-- name: member_add!
insert into members (id, community, role, joined_at) values (:id, :community, :role, :now);

-- name: identity_add!
insert into identities (platform, user_id, community, member, name_sealed, private_at)
values (:platform, :user_id, :community, :member, :name_sealed, :private_at)
on conflict (platform, user_id, community) do nothing;

-- name: identity_private!
update identities set private_at = :now, blocked_at = null
where platform = :platform and user_id = :user_id and community = :community;

-- name: identity_blocked!
update identities set blocked_at = :now where platform = :platform and user_id = :user_id;

-- name: identities_of
select platform, user_id, name_sealed, private_at, blocked_at from identities
where community = :community and member = :member order by platform;

-- name: member_language!
update members set language = :language where id = :member and community = :community;

-- name: member_heard!
update members set heard_language = :language where id = :member and community = :community;

-- name: member_role!
update members set role = :role where id = :member and community = :community;

-- name: team
select m.id, m.role, m.language, m.heard_language, i.platform, i.user_id, i.name_sealed
from members m join identities i on i.member = m.id
where m.community = :community and m.role >= :role and i.blocked_at is null
order by m.role desc, m.id, i.platform;

-- name: code_add!
insert into codes (hash, community, role, brand, expires_at)
values (:hash, :community, :role, :brand, :expires_at);

-- name: code_use^
update codes set used_at = :now
where hash = :hash and used_at is null and expires_at > :now
returning community, role, brand;

-- name: member_forget!
delete from members where id = :member and community = :community;

-- name: member_forget_identities!
delete from identities where member = :member and community = :community;

-- name: member_forget_brands!
delete from brand_people where member = :member;
