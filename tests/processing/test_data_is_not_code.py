"""Names that look like expressions of QGIS are shown, never worked out."""

from __future__ import annotations

from qgis.core import QgsProject, QgsRectangle

EVIL = "Mairie [% 6 * 7 %]"


def test_a_layers_name_in_a_legend_and_a_title_are_not_worked_out(qgis_app, draw):
    from carto_services_publics.processing.layouts import Frame, LayoutPage

    project = QgsProject()
    layer = draw("Point", "code:string", [("POINT(0 0)", "a"), ("POINT(9 9)", "b")])
    layer.setName(EVIL)
    page = LayoutPage(project, 100, 100)
    label = page.text(EVIL, Frame(0, 0, 90, 9))
    assert "42" not in label.currentText() and "6 * 7" in label.currentText()
    frame = Frame(0, 10, 90, 80)
    item = page.map([layer], frame, QgsRectangle(0, 0, 9, 9), layer.crs())
    page.legend(item, [layer], frame)
    legend = next(each for each in page.layout.items() if hasattr(each, "legendSettings"))
    model = legend.model()
    texts = [str(model.data(model.index(row, 0), 0)) for row in range(model.rowCount()) for model in [legend.model()]]
    assert texts and not any("42" in text for text in texts)
    project.clear()


def test_a_category_that_looks_like_an_expression_is_the_label_of_its_rule(qgis_app):
    from carto_services_publics.processing.styling.renderers import _rule

    assert _rule(EVIL, None, "").label() == "Mairie [ % 6 * 7 %]"
