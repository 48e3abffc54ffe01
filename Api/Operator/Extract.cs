using System.ComponentModel;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Streams;
using MatchCluster.Matching;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Operator;

/// <summary>
/// Templates of pictures without a search and without an enrolment: what any door would make of them, or why it would
/// refuse them, item by item. Pictures are read in the places and within the limits of all doors, and nothing of them
/// is kept.
/// </summary>
internal static class Extract
{
    public static async Task<Results<Ok<ExtractAnswer>, ProblemFailed>> RunAsync(
        ExtractRequest body,
        [Description("Drawings that come with the templates, with commas between: image (PNG); of fingers minutiae, "
            + "skeleton, orientation, enhanced, quality (SVG); of irises contours, mask, code (SVG). An item has those "
            + "of its own type.")]
        [FromQuery(Name = "picture")] string? picture,
        [Description("Formats of the templates, one of fingers and one of irises, with a comma between.")]
        [FromQuery(Name = "templateFormat")] string? templateFormat,
        ImageItems images, HttpContext http)
    {
        Parsed<ExtractAsked> asked = ExtractAsked.Read(picture, templateFormat);
        if (asked.IsFailed || CountFault(body) is not null)
        {
            return new ProblemFailed((asked.Failure ?? CountFault(body))!);
        }

        NotStored notes = new()
        {
            AreProbes = true,
            Images = ImageHeaders.Of(http.Request, prefersImages: true) with { Drawings = asked.Value.Drawings },
        };
        Parsed<List<ExtractedItem>> items = await ReadAsync(
            body.BiometricData, asked.Value, images, notes, http.Budget());
        notes.Describe(http.Response);
        ProbeErasure.AtEnd(http, body.BiometricData, null);
        return items.IsFailed ? new ProblemFailed(items.Failure)
            : TypedResults.Ok(new ExtractAnswer(EngineVersion.Text, items.Value));
    }

    private static async ValueTask<Parsed<List<ExtractedItem>>> ReadAsync(
        IReadOnlyList<OsiaBiometricData?> items, ExtractAsked asked, ImageItems images, NotStored notes,
        SearchBudget budget)
    {
        List<ExtractedItem> answered = [];
        (int templates, long bytes) = (0, 0);
        for (int i = 0; i < items.Count; i++)
        {
            string path = $"biometricData[{i}]";
            Parsed<OsiaBiometricData> read = await images.ExtractOneAsync(items[i], path, notes, budget);
            if (read.IsFailed && !IsOfItem(read.Failure.Code))
            {
                return read.Failure;
            }

            ExtractedItem item = read.IsFailed ? Refused(path, read.Failure)
                : Of(path, read.Value.Extracted!, asked);
            answered.Add(item);
            templates += item.Templates?.Count ?? 0;
            bytes += item.Templates?.Sum(each => each.Picture?.Drawings.Sum(one => (long)one.Data.Length) ?? 0) ?? 0;
            if (templates > Limits.SamplesPerEncounter || bytes > ApiLimits.DrawingBytes)
            {
                return new Failure(
                    FailureCode.InvalidBiometricData,
                    $"{path}: found {templates} templates with {bytes} bytes of drawings up to here, wanted at most "
                    + $"{Limits.SamplesPerEncounter} with {ApiLimits.DrawingBytes}; send fewer items in a call");
            }
        }

        return answered;
    }

    private static Failure? CountFault(ExtractRequest body) =>
        body.BiometricData.Count is >= 1 and <= Limits.SamplesPerEncounter ? null
            : new Failure(
                FailureCode.InvalidBiometricData,
                $"biometricData: found {body.BiometricData.Count} items, wanted 1..{Limits.SamplesPerEncounter}");

    /// <summary>Whether a failure is one of the item alone; any other is one of the whole call.</summary>
    private static bool IsOfItem(FailureCode code) => code is FailureCode.RejectedImage or FailureCode.QualityTooLow
        or FailureCode.ImageNotFetched or FailureCode.UnsupportedBiometricData or FailureCode.InvalidBiometricData
        or FailureCode.RejectedTemplate;

    private static ExtractedItem Refused(string path, Failure failure) =>
        new() { Item = path, Error = LineError.Of(failure) };

    private static ExtractedItem Of(string path, IReadOnlyList<ExtractedTemplate> extracted, ExtractAsked asked)
    {
        List<TemplateOfImage> templates = [];
        foreach (ExtractedTemplate each in extracted)
        {
            Sample sample = new()
            {
                Position = each.Position,
                Format = each.Format,
                Template = each.Template,
                Quality = each.Quality,
            };
            Parsed<OsiaComputedData?> written = asked.Write(sample);
            if (written.IsFailed || written.Value is null)
            {
                return Refused(path, written.Failure ?? new Failure(FailureCode.RejectedTemplate, $"{path}: no view"));
            }

            templates.Add(new TemplateOfImage
            {
                BiometricType = Positions.TypeOf(each.Position.Modality),
                BiometricSubType = Positions.SubTypeOf(each.Position),
                TemplateFormat = written.Value.TemplateFormat!,
                Template = written.Value.Template!,
                Quality = each.Quality,
                Features = each.Features,
                Notes = each.Notes.Count == 0 ? null : [.. each.Notes.Select(note => note.ToString())],
                Picture = each.Drawn is { } drawn ? Of(drawn, sample) : null,
            });
        }

        return new ExtractedItem { Item = path, Templates = templates };
    }

    private static PictureOfImage Of(DrawnPicture drawn, Sample sample)
    {
        Decoded<DecodedSample> decoded = SampleDecoder.Decode(sample, 0);
        FingerView? view = decoded.IsAccepted && decoded.Value.Fingers is [var first, ..] ? first : null;
        return new PictureOfImage
        {
            Width = drawn.Width,
            Height = drawn.Height,
            Minutiae = view is null ? null : [.. view.Minutiae.Select(Of)],
            Lines = drawn.Lines.Count == 0 ? null
                : [.. drawn.Lines.Select(line => new LineOfImage(line.Name, Flat(line.Points)))],
            Drawings =
            [
                .. drawn.Drawings.Select(
                    each => new DrawingOfImage(ExtractAsked.WordOf(each.Kind), each.MediaType, each.Bytes.ToArray())),
            ],
        };
    }

    private static MinutiaOfImage Of(Minutia minutia) => new(
        minutia.X, minutia.Y, Explain.DegreesOf(minutia), minutia.Quality, minutia.Kind switch
        {
            MinutiaKind.RidgeEnding => "ending",
            MinutiaKind.Bifurcation => "bifurcation",
            _ => "other",
        });

    private static double[] Flat(IReadOnlyList<LinePoint> points) =>
        [.. points.SelectMany(point => (double[])[Math.Round(point.X, 2), Math.Round(point.Y, 2)])];
}
