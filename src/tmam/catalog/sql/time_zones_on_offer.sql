-- The zones that venues lie in: few.
SELECT DISTINCT time_zone FROM catalog_venue
