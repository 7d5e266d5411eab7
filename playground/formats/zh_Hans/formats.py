# As the Unicode locale data have it: 1,234,567. Django would not group at all.
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
