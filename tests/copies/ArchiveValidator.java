// Holds files against PDF/A-3b by veraPDF. A line for each file: "PDF/A-3b", or every rule that it breaks.
// The profile is read here, since veraPDF reads it with JAXB, which Java has no longer.

import java.io.FileInputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;

public class ArchiveValidator {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var profile = profile();
        for (var file : files) {
            var stream = new FileInputStream(file);
            try (var parsed = Foundries.defaultInstance().createParser(stream, PDFAFlavour.PDFA_3_B)) {
                var result = Foundries.defaultInstance().createValidator(profile, false).validate(parsed);
                var lines = new ArrayList<String>();
                for (var one : result.getTestAssertions()) {
                    if (one.getStatus() == TestAssertion.Status.FAILED) {
                        lines.add(one.getRuleId().getClause() + " " + one.getMessage());
                    }
                }
                System.out.println(result.isCompliant() ? "PDF/A-3b" : String.join("; ", lines));
            }
        }
    }

    static ValidationProfile profile() throws Exception {
        var text = Profiles.class.getResourceAsStream("/org/verapdf/pdfa/validation/PDFA-3B.xml");
        var root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(text).getDocumentElement();
        var rules = new LinkedHashSet<Rule>();
        for (var one : all(root, "rule")) {
            var id = all(one, "id").get(0);
            rules.add(Profiles.ruleFromValues(
                Profiles.ruleIdFromValues(
                    PDFAFlavour.Specification.ISO_19005_3, id.getAttribute("clause"),
                    Integer.parseInt(id.getAttribute("testNumber"))
                ),
                one.getAttribute("object"),
                one.hasAttribute("deferred") ? Boolean.valueOf(one.getAttribute("deferred")) : null,
                "", text(one, "description"), text(one, "test"),
                Profiles.errorFromValues(text(one, "message"), List.of()), List.of()
            ));
        }
        var variables = new LinkedHashSet<Variable>();
        for (var one : all(root, "variable")) {
            variables.add(Profiles.variableFromValues(
                one.getAttribute("name"), one.getAttribute("object"), text(one, "defaultValue"), text(one, "value")
            ));
        }
        var details = Profiles.profileDetailsFromValues("PDF/A-3b", "", "veraPDF", new Date(0));
        return Profiles.profileFromValues(PDFAFlavour.PDFA_3_B, details, "", rules, variables);
    }

    static List<Element> all(Element of, String name) {
        var nodes = of.getElementsByTagName(name);
        var elements = new ArrayList<Element>();
        for (int place = 0; place < nodes.getLength(); place++) {
            elements.add((Element) nodes.item(place));
        }
        return elements;
    }

    static String text(Element of, String name) {
        return all(of, name).get(0).getTextContent();
    }
}
