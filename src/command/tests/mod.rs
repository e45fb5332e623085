mod batch;
mod execute;
mod read;
mod schedule;
