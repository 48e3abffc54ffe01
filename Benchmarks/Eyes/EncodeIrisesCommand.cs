using System.CommandLine;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// From a folder of pictures of eyes to their templates, with reasons, quality and the time it took.
/// </summary>
internal static class EncodeIrisesCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var input = new Option<DirectoryInfo>("--in")
        {
            Description = $"Folder of pictures of one eye each: {ImageDecoder.Readable}.",
            Required = true,
        };
        var output = new Option<DirectoryInfo?>("--out")
        {
            Description = "Write NAME.mcit (both codes) and NAME.json (open-iris) of each picture to this folder, "
                + "under the folders of the pictures.",
        };
        var overlay = new Option<DirectoryInfo?>("--overlay")
        {
            Description = "Draw contours and mask over each picture to NAME.png in this folder, likewise.",
        };
        var attack = new Option<EyeAttackKind>("--attack")
        {
            Description = "Encode each picture as it would look printed or on a screen, drawn with several periods.",
        };
        var command = new Command("encode-irises", "Encodes pictures of eyes and says what could not be encoded.")
        {
            input, output, overlay, attack,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(input), parsed.GetValue(output), parsed.GetValue(overlay),
            parsed.GetValue(attack), console));
        return command;
    }

    private static int Run(
        DirectoryInfo input, DirectoryInfo? output, DirectoryInfo? overlay, EyeAttackKind attack, IAnsiConsole console)
    {
        output?.Create();
        overlay?.Create();
        List<EyePicture> pictures = [];
        try
        {
            string[] files = EyePicture.FilesIn(input);
            OutputNames names = new(input.FullName, files);
            foreach (EyePicture picture in files.Select((file, i) => EyePicture.Read(input, file, attack, i)))
            {
                pictures.Add(picture);
                Keep(picture, names, output, overlay);
                if (picture.Encoded.Rejection is { } why)
                {
                    console.WriteLine($"{picture.Name}: {why}");
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return RunCommand.Misused;
        }

        WriteSummary(pictures, console);
        EyeSteps.Write(pictures, console);
        return 0;
    }

    private static void Keep(
        EyePicture picture, OutputNames names, DirectoryInfo? output, DirectoryInfo? overlay)
    {
        if (output is not null && picture.Encoded.IsAccepted)
        {
            foreach ((TemplateFormat format, string ending) in (ReadOnlySpan<(TemplateFormat, string)>)
                [(TemplateFormat.MatchClusterIris, ".mcit"), (TemplateFormat.OpenIrisJson, ".json")])
            {
                names.Write(output, picture.Path, ending, IrisTemplates.Encode(format, picture.Encoded.Value.Codes));
            }
        }

        if (overlay is not null && picture.Image is { } image)
        {
            names.Write(overlay, picture.Path, ".png", EyeOverlay.Draw(image, picture.Encoded.Value));
        }
    }

    private static void WriteSummary(List<EyePicture> pictures, IAnsiConsole console)
    {
        IrisEncoded[] encoded = [.. pictures.Where(p => p.Encoded.IsAccepted).Select(p => p.Encoded.Value!)];
        int failed = pictures.Count - encoded.Length;
        console.WriteLine($"{pictures.Count} pictures, {encoded.Length} encoded, {failed} not");
        foreach (IGrouping<string, EyePicture> reason in pictures.Where(p => !p.Encoded.IsAccepted)
            .GroupBy(p => p.Encoded.Rejection!.Wanted).OrderByDescending(group => group.Count()))
        {
            console.WriteLine($"  {reason.Count()} not: wanted {reason.Key}");
        }

        foreach (IGrouping<string, string> fault in encoded.SelectMany(e => e.Quality.Faults)
            .GroupBy(fault => fault.Split(':')[0]).OrderByDescending(group => group.Count()))
        {
            console.WriteLine($"  {fault.Count()} encoded below what is wanted: {fault.Key}");
        }

        foreach (IGrouping<string, string> warning in encoded.SelectMany(e => e.Signs.Warnings.Select(one => one.Code))
            .GroupBy(code => code))
        {
            console.WriteLine($"  {warning.Count()} encoded with the warning {warning.Key}");
        }

        console.WriteLine($"  {encoded.Count(e => e.Outline.Doubt > 0.9)} encoded with a doubtful outer border");
    }
}
