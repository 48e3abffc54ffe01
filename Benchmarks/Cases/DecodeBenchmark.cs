using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>Standard records to minutiae and codes, by format.</summary>
internal sealed class DecodeBenchmark : IBenchmark
{
    /// <summary>Formats that can be written; INCITS 378-2009 is only read.</summary>
    private static readonly TemplateFormat[] FingerFormats =
        [TemplateFormat.Iso19794v2005, TemplateFormat.Iso19794v2011, TemplateFormat.Ansi378v2004];

    public string Name => "decode";

    public string Description => "Templates decoded, by format, one thread.";

    public Task RunAsync(BenchmarkContext context)
    {
        var people = new SyntheticPopulation(1);
        int count = context.Size(100, 4);
        FingerView[] views =
            [.. Enumerable.Range(0, count).Select(i => people.Person(i).Finger(1 + (i % 10), 0))];
        foreach (TemplateFormat format in FingerFormats)
        {
            byte[][] records = [.. views.Select(view => FingerRecords.Encode(format, [view]))];
            Measure(context, $"{format}", records, record => FingerRecords.Decode(format, record), Add);
        }

        IrisCode[] Codes(IrisShape shape) =>
            [.. Enumerable.Range(0, count).Select(i => people.Person(i).Iris(1 + (i % 2), 0, shape))];
        foreach (IrisShape shape in new[] { IrisShape.D2048, IrisShape.W16384 })
        {
            byte[][] templates = [.. Codes(shape).Select(IrisTemplates.EncodeMatchCluster)];
            Measure(
                context, $"MatchClusterIris {shape}", templates,
                template => IrisTemplates.Decode(TemplateFormat.MatchClusterIris, template), Add);
        }

        Measure(
            context, $"OpenIrisJson {IrisShape.OpenIris12800}",
            [.. Codes(IrisShape.OpenIris12800).Select(IrisTemplates.EncodeOpenIrisJson)],
            template => IrisTemplates.Decode(TemplateFormat.OpenIrisJson, template), Add);
        return Task.CompletedTask;
    }

    private static void Measure<T>(
        BenchmarkContext context, string name, byte[][] templates, Func<byte[], Decoded<T>> decode,
        Func<ResultHash, T, ResultHash> add)
        where T : class
    {
        ResultHash hash = default;
        foreach (byte[] template in templates)
        {
            Decoded<T> decoded = decode(template);
            context.MustHold($"{name}: {decoded.Rejection}", decoded.IsAccepted);
            hash = decoded.IsAccepted ? add(hash, decoded.Value) : hash;
        }

        context.Rate(name, "templates_per_s_core", "1/s", templates.Length, hash, () =>
        {
            foreach (byte[] template in templates)
            {
                decode(template);
            }
        });
        context.Add(name, "bytes_per_template", templates.Average(t => t.Length), "B", "none");
    }

    private static ResultHash Add(ResultHash hash, FingerRecord record)
    {
        foreach (Minutia minutia in record.Views.SelectMany(view => view.Minutiae))
        {
            hash.Add(minutia.X);
            hash.Add(minutia.Y);
            hash.Add(minutia.Angle);
            hash.Add((int)minutia.Kind);
        }

        return hash;
    }

    private static ResultHash Add(ResultHash hash, IrisCode code)
    {
        foreach (ulong word in code.Code.Span)
        {
            hash.Add((long)word);
        }

        foreach (ulong word in code.Mask.Span)
        {
            hash.Add((long)word);
        }

        return hash;
    }
}
