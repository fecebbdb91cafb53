// SPDX-License-Identifier: MPL-2.0

package provider

// ObjectDescriptions returns the descriptions of the attributes of the objects in overviews, statuses, and
// customers, by the names of both attributes. The schema of a list or map of objects has no descriptions, so
// tools/docs adds them to the pages.
func ObjectDescriptions() map[string]map[string]string {
	return map[string]map[string]string{
		"overviews": descriptions(customerOverview.fields),
		"statuses":  descriptions(customerStatus.fields),
		"customers": descriptions(listedFields),
	}
}

// descriptions returns the descriptions of fields by name.
func descriptions[T any](fields []field[T]) map[string]string {
	texts := make(map[string]string, len(fields))
	for _, f := range fields {
		texts[f.name] = f.attribute.GetMarkdownDescription()
	}
	return texts
}
