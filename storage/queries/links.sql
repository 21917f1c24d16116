-- name: brand_add!
insert into brands (id, community, name, created_at) values (:id, :community, :name, :now)
on conflict (community, name) do nothing;

-- name: brand_find^
select id, name from brands where community = :community and lower(name) = lower(:name);

-- name: brand_person_add!
insert into brand_people (brand, member) values (:brand, :member) on conflict do nothing;

-- name: brands_of_person
select b.id, b.name from brand_people p join brands b on b.id = p.brand
where p.member = :member and b.community = :community order by b.name;
