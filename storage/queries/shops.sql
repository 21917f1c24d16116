-- name: shop_broken^
insert into broken_shops (link, since, why) values (:link, :now, :why)
on conflict (link) do update set why = excluded.why
returning since, told_at;

-- name: shop_told^
update broken_shops set told_at = :now where link = :link and told_at is null returning link;

-- name: shop_well!
delete from broken_shops where link = :link;

-- name: shops_of_past!
delete from broken_shops where link in (
    select id from sponsored_links
    where community = :community and over_at is not null and over_at <= :now
);
