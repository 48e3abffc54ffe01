using System.Text;
using System.Text.RegularExpressions;

namespace MatchCluster.Matching.Tests.Architecture;

/// <summary>
/// Finds in the text of a source what would take a new modality for one of the old ones: a comparison with one of
/// them, and a switch over them whose rest does not throw.
/// </summary>
public static partial class ModalityBranches
{
    /// <summary>The branches, each as the line it is in and its text; empty where there is none.</summary>
    public static IReadOnlyList<string> Of(string source)
    {
        // Lines stay where they are.
        string code = Comment().Replace(source, "");
        List<string> found = [];
        foreach (Match comparison in Comparison().Matches(code))
        {
            // "if (it != Modality.Iris) { throw" lets nothing else pass.
            if (!Guard().IsMatch(code, comparison.Index))
            {
                found.Add(At(code, comparison.Index));
            }
        }

        foreach (Match start in Switch().Matches(code))
        {
            string arms = Arms(code, start.Index + start.Length);
            if (ArmOfModality().IsMatch(arms) && Rest().IsMatch(arms))
            {
                found.Add(At(code, start.Index));
            }
        }

        return found;
    }

    private static string At(string code, int index)
    {
        string line = code[(code.LastIndexOf('\n', index) + 1)..].Split('\n')[0].Trim();
        return $"line {code.AsSpan(0, index).Count('\n') + 1}: {line}";
    }

    /// <summary>The text of a block after its brace, without what lies in braces inside of it.</summary>
    private static string Arms(string code, int start)
    {
        int depth = 1;
        StringBuilder own = new();
        for (int i = start; i < code.Length && depth > 0; i++)
        {
            depth += code[i] switch
            {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            own.Append(depth == 1 ? code[i] : ' ');
        }

        return own.ToString();
    }

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"([<>=!]=|(?<!=)>|<|\bis|\bnot|\bor)\s*\(?(Modality|TemplateFormat|BiometricType)\.\w+(?!\w|\s*(=>|:))"
        + @"|\b(Modality|TemplateFormat|BiometricType)\.\w+\s*([=!<>]=|[<>]\s)")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"\G!=\s*Modality\.\w+\)\s*\{\s*throw\b")]
    private static partial Regex Guard();

    [GeneratedRegex(@"\bswitch\s*(\([^{}]*\)\s*)?\{")]
    private static partial Regex Switch();

    [GeneratedRegex(@"(^|[,;{:])\s*(case\s+)?(\w+ or )*(Modality|TemplateFormat|BiometricType)\.\w+[\w\s.]*(=>|:)")]
    private static partial Regex ArmOfModality();

    [GeneratedRegex(@"(\b_\s*=>|\bvar \w+\s*(=>|:)|\bdefault\s*:)(?!\s*throw\b)")]
    private static partial Regex Rest();
}
