"""From district records to the city a simulation opens with: margins met, gaps in the files filled and told."""
