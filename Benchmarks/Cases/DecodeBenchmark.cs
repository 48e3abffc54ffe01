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
        FingerView[] views =
            [.. Enumerable.Range(0, context.Size(100, 4)).Select(i =>
                people.Person(i).Finger(1 + (i % 10), 0))];
        foreach (TemplateFormat format in FingerFormats)
        {
            byte[][] records = [.. views.Select(view => FingerRecords.Encode(format, [view]))];
            ResultHash hash = default;
            foreach (byte[] record in records)
            {
                Decoded<FingerRecord> decoded = FingerRecords.Decode(format, record);
                context.MustHold($"{format}: {decoded.Rejection}", decoded.IsAccepted);
                Add(ref hash, decoded.Value);
            }

            context.Rate(format.ToString(), "templates_per_s_core", "1/s", records.Length, hash, () =>
            {
                foreach (byte[] record in records)
                {
                    FingerRecords.Decode(format, record);
                }
            });
            context.Add(format.ToString(), "bytes_per_template", records.Average(r => r.Length), "B", "none");
        }

        return Task.CompletedTask;
    }

    private static void Add(ref ResultHash hash, FingerRecord? record)
    {
        foreach (Minutia minutia in record?.Views.SelectMany(view => view.Minutiae) ?? [])
        {
            hash.Add(minutia.X);
            hash.Add(minutia.Y);
            hash.Add(minutia.Angle);
            hash.Add((int)minutia.Kind);
        }
    }
}
