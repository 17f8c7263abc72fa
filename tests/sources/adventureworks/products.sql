-- One row per version of a product: ProductKey numbers versions, ProductAlternateKey products (504 in 606).
-- EndDate is not read: it lies years before StartDate. Parts that are never sold have no category.
select
    products._row_id,
    products."ProductAlternateKey" as product_id,
    products."EnglishProductName" as name,
    categories."EnglishProductCategoryName" || ' > ' || subcategories."EnglishProductSubcategoryName"
        as category_path,
    subcategories."EnglishProductSubcategoryName" as product_family_code,
    products."ListPrice" as catalogue_price,
    products."StandardCost" as unit_cost,
    substr(products."StartDate", 1, 10) as valid_from
from products
left join product_subcategories as subcategories
    on products."ProductSubcategoryKey" = subcategories."ProductSubcategoryKey"
left join product_categories as categories
    on subcategories."ProductCategoryKey" = categories."ProductCategoryKey"
