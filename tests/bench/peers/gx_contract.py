"""The same rules as the benches' contract, as Great Expectations' documentation shows them."""

import sys

import great_expectations as gx
import pandas as pd

columns = [*(f"number_{index:02}" for index in range(5)), *(f"text_{index:02}" for index in range(5))]
frame = pd.read_parquet(sys.argv[1], columns=columns)
context = gx.get_context(mode="ephemeral")
batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
suite = context.suites.add(gx.ExpectationSuite(name="rows"))
for column in columns:
    suite.add_expectation(gx.expectations.ExpectColumnValuesToNotBeNull(column=column))
for index in range(4):
    suite.add_expectation(
        gx.expectations.ExpectColumnValuesToBeBetween(column=f"number_{index:02}", min_value=-100, max_value=100)
    )
suite.add_expectation(gx.expectations.ExpectColumnValuesToBeBetween(column="number_04", min_value=0))
for index, size in enumerate((8, 16)):
    values = [f"value-{each}" for each in range(size)]
    suite.add_expectation(gx.expectations.ExpectColumnValuesToBeInSet(column=f"text_{index:02}", value_set=values))
suite.add_expectation(gx.expectations.ExpectColumnValuesToMatchRegex(column="text_02", regex="^value-"))
suite.add_expectation(gx.expectations.ExpectColumnValueLengthsToBeBetween(column="text_04", min_value=3, max_value=20))
checked = gx.ValidationDefinition(name="v", data=batch, suite=suite)
checked = context.validation_definitions.add(checked)
result = checked.run(batch_parameters={"dataframe": frame})
print("success" if result.success else "failure", len(result.results))
