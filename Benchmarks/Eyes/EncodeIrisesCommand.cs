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
            Description = "Write NAME.mcit (both codes) and NAME.json (open-iris) of each picture to this folder.",
        };
        var overlay = new Option<DirectoryInfo?>("--overlay")
        {
            Description = "Draw contours and mask over each picture to NAME.png in this folder.",
        };
        var command = new Command("encode-irises", "Encodes pictures of eyes and says what could not be encoded.")
        {
            input, output, overlay,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(input), parsed.GetValue(output), parsed.GetValue(overlay), console));
        return command;
    }

    private static int Run(DirectoryInfo input, DirectoryInfo? output, DirectoryInfo? overlay, IAnsiConsole console)
    {
        output?.Create();
        overlay?.Create();
        List<EyePicture> pictures = [];
        try
        {
            foreach (EyePicture picture in EyePicture.ReadFolder(input))
            {
                pictures.Add(picture);
                Keep(picture, output, overlay);
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

    private static void Keep(EyePicture picture, DirectoryInfo? output, DirectoryInfo? overlay)
    {
        if (output is not null && picture.Encoded.IsAccepted)
        {
            foreach ((TemplateFormat format, string ending) in (ReadOnlySpan<(TemplateFormat, string)>)
                [(TemplateFormat.MatchClusterIris, "mcit"), (TemplateFormat.OpenIrisJson, "json")])
            {
                File.WriteAllBytes(
                    Path.Combine(output.FullName, $"{picture.Name}.{ending}"),
                    IrisTemplates.Encode(format, picture.Encoded.Value.Codes));
            }
        }

        if (overlay is not null && picture.Image is { } image)
        {
            File.WriteAllBytes(
                Path.Combine(overlay.FullName, $"{picture.Name}.png"), EyeOverlay.Draw(image, picture.Encoded.Value));
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

        console.WriteLine($"  {encoded.Count(e => e.Outline.Doubt > 0.9)} encoded with a doubtful outer border");
    }
}
