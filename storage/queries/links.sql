-- name: brand_add!
insert into brands (id, community, name, created_at) values (:id, :community, :name, :now)
on conflict (community, name) do nothing;

-- name: brand_find^
select id, name from brands where community = :community and lower(name) = lower(:name)
order by created_at, id limit 1;

-- name: brands_all
select id, name from brands where community = :community order by name;

-- name: brand_person_add!
insert into brand_people (brand, member) values (:brand, :member) on conflict do nothing;

-- name: brands_of_person
select b.id, b.name from brand_people p join brands b on b.id = p.brand
where p.member = :member and b.community = :community order by b.name;

-- name: link_add^
insert into links (id, slug, community, campaign, destination, placement, product, direct,
                   created_at)
values (:id, :slug, :community, :campaign, :destination, :placement, :product, :direct, :now)
on conflict (slug) do nothing returning id;

-- name: link_edit!
update links set destination = :destination, placement = :placement
where community = :community and id = :id;

-- name: link_click_ids_set!
update links set click_ids = :on where community = :community and id = :id and click_ids <> :on;

-- name: link_rules_set!
update links set rules = :rules where community = :community and id = :id;

-- name: link_end^
update links set ended_at = :now
where community = :community and slug = :slug and ended_at is null returning id;

-- name: link_by_slug^
select * from sponsored_links where slug = :slug;

-- name: link_get^
select * from sponsored_links where community = :community and id = :id;

-- name: links_current
select * from sponsored_links
where community = :community and starts_at <= :now and (over_at is null or over_at > :now)
order by created_at desc, id desc limit :most;

-- name: links_unended
select * from sponsored_links
where community = :community and (over_at is null or over_at > :now)
order by created_at desc, id desc limit :most;

-- name: links_of_campaign
select * from sponsored_links
where community = :community and campaign = :campaign and (over_at is null or over_at > :now)
order by created_at, id limit :most;

-- name: links_latest
select * from sponsored_links order by created_at desc limit :most;
