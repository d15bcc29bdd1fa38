// The test that docs/testing.md shows, and the processor that it tests, as they stand in docs/examples.
def docs = basedir.parentFile.parentFile.parentFile.parentFile
def shown = new File(docs, 'examples/src/test/java/io/deriver/examples')
def here = new File(basedir, 'src/test/java/io/deriver/examples')
here.mkdirs()
['HttpSummaries.java', 'SummariesCannotWedgeTest.java'].each { name ->
  new File(here, name).text = new File(shown, name).text
}
return true
